// Names what the stock admin's widgets leave without a name for those who hear the page.
"use strict";
{
  const labelOf = (field) =>
    field.getAttribute("aria-label") ||
    [...(field.labels || [])].map((label) => label.textContent.trim().replace(/:$/, "")).join(" ") ||
    field.closest("[data-filter-title]")?.dataset.filterTitle ||
    field.name;

  const nameSelects = (root) => {
    root.querySelectorAll("select.select2-hidden-accessible").forEach((field) => {
      const box = field.nextElementSibling;
      if (!box?.classList.contains("select2-container")) return;
      const label = labelOf(field);
      box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox], input").forEach((one) => {
        if (!one.getAttribute("aria-label")) one.setAttribute("aria-label", label);
      });
      // A list whose children are no list items is no list.
      box.querySelectorAll("ul.select2-selection__rendered").forEach((one) => one.setAttribute("role", "presentation"));
    });
  };

  const nameDeletions = (root) => {
    root.querySelectorAll('td.delete input[type="checkbox"]').forEach((box) => {
      const said = box.closest("tr")?.querySelector(".original p, td.original")?.textContent.trim();
      const first = box.closest("tr")?.querySelector("td:not(.original):not(.delete)");
      const value = first?.querySelector("input:not([type=hidden])")?.value || first?.textContent.trim();
      if (!box.labels?.length) box.setAttribute("aria-label", `Delete ${value || said || "this row"}`);
    });
  };

  const nameAll = () => {
    nameSelects(document);
    nameDeletions(document);
  };

  // Deferred, so it registers last: the widgets' own starts have run when it is called.
  if (window.django?.jQuery) window.django.jQuery(nameAll);
  document.addEventListener("formset:added", nameAll);
}
