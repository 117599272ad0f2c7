"use strict";
/* Comforts of the desk; everything works without them. */
{
  // The lists need the width: the stock side menu starts folded, until the editor says otherwise.
  const MENU = "django.admin.navSidebarIsOpen";
  if (window.localStorage.getItem(MENU) === null) {
    window.localStorage.setItem(MENU, "false");
  }

  // The claim's own words into view, inside the text's box only.
  const showClaim = () => {
    const box = document.querySelector(".ct-claim-page .ct-text");
    const mark = box && box.querySelector("mark.ct-content");
    if (mark) {
      const offset = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
      box.scrollTop += offset - box.clientHeight / 3;
    }
  };

  // "Me" beside the assignee.
  const chooseButtons = () => {
    document.querySelectorAll("button[data-choose]").forEach((button) => {
      button.addEventListener("click", () => {
        const select = document.getElementById(button.dataset.choose);
        select.value = button.dataset.value;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  };

  // The return key in a reason presses the button beside it, not the page's first one.
  const reasonFields = () => {
    document.querySelectorAll("input[data-button]").forEach((input) => {
      input.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          document.getElementById(input.dataset.button).click();
        }
      });
    });
  };

  // Ctrl + Enter saves, with Shift it also goes on; and nothing typed is lost by walking away.
  const claimForm = () => {
    const form = document.getElementById("claim-form");
    if (!form) {
      return;
    }
    let isDirty = document.querySelector(".errornote") !== null;
    form.addEventListener("input", () => { isDirty = true; });
    form.addEventListener("change", () => { isDirty = true; });
    form.addEventListener("submit", () => { isDirty = false; });
    window.addEventListener("beforeunload", (event) => {
      if (isDirty) {
        event.preventDefault();
      }
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const button = form.querySelector(`button[name="${event.shiftKey ? "_next" : "_save"}"]`);
        if (button) {
          event.preventDefault();
          button.click();
        }
      }
    });
  };

  // A chosen speaker or outlet filters at once.
  const filterForms = () => {
    if (!window.django || !window.django.jQuery) {
      return;
    }
    document.querySelectorAll(".ct-without-script").forEach((button) => { button.hidden = true; });
    window.django.jQuery(".ct-filter-form select").on("change", function () {
      this.form.requestSubmit();
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    showClaim();
    chooseButtons();
    reasonFields();
    claimForm();
    filterForms();
  });
}
