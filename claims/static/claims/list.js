"use strict";
/* Keys of the lists and of a claim's page, and actions that go on by themselves; everything works without them. */
{
  const LIST_HELP = [
    ["j, k", "next, previous row"],
    ["Enter", "open the row"],
    ["x", "select or unselect the row"],
    ["a", "select all rows of the page, or none"],
    ["n, p", "next, previous page"],
    ["/", "search"],
    ["?", "this help"],
  ];

  const CLAIM_HELP = [
    ["Ctrl + Enter", "save"],
    ["Ctrl + Shift + Enter", "save and go to the next claim of the list"],
    ["n", "next claim of the list, without saving"],
    ["l", "back to the list"],
    ["s", "status"],
    ["m", "assign to me"],
    ["v", "verdict"],
    ["t", "note"],
    ["f", "text of the article; there, arrows select words and Enter uses them"],
    ["?", "this help"],
  ];

  const rows = () => [...document.querySelectorAll("#result_list tbody tr")];
  const current = () => document.querySelector("#result_list tr.ct-current");

  const choose = (row) => {
    const before = current();
    if (before) {
      before.classList.remove("ct-current");
    }
    row.classList.add("ct-current");
    const link = row.querySelector("th a, td a");
    if (link) {
      link.focus({ preventScroll: true });
    }
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    if (all[next]) {
      choose(all[next]);
    }
  };

  const click = (element) => {
    if (element) {
      element.click();
    }
  };

  const page = (by) => {
    const here = document.querySelector(".paginator .this-page");
    const other = here && (by > 0 ? here.nextElementSibling : here.previousElementSibling);
    if (other && other.tagName === "A") {
      other.click();
    }
  };

  const help = (heading, lines) => {
    let dialog = document.getElementById("ct-list-keys");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "ct-list-keys";
      dialog.className = "ct-keys";
      dialog.setAttribute("aria-labelledby", "ct-list-keys-title");
      const title = document.createElement("h2");
      title.id = "ct-list-keys-title";
      title.textContent = heading;
      const list = document.createElement("dl");
      lines.forEach(([keys, what]) => {
        const term = document.createElement("dt");
        const says = document.createElement("dd");
        term.textContent = keys;
        says.textContent = what;
        list.append(term, says);
      });
      const close = document.createElement("button");
      close.type = "button";
      close.className = "ct-small-button";
      close.textContent = "Close";
      close.addEventListener("click", () => dialog.close());
      dialog.append(title, list, close);
      document.body.append(dialog);
    }
    dialog.showModal();
  };

  const LIST_KEYS = {
    j: () => step(1),
    k: () => step(-1),
    x: () => click(current() && current().querySelector("input.action-select")),
    a: () => click(document.getElementById("action-toggle")),
    n: () => page(1),
    p: () => page(-1),
    "/": () => focus("#searchbar")(),
    "?": () => help("Keys of this list", LIST_HELP),
  };

  const focus = (selector) => () => {
    const field = document.querySelector(selector);
    if (field) {
      field.focus();
      field.scrollIntoView({ block: "nearest" });
    }
  };

  const CLAIM_KEYS = {
    n: () => click(document.querySelector(".ct-skip")),
    l: () => click(document.querySelector(".breadcrumbs a[href*='/claims/claim/']")),
    s: focus("select[name=work-review_status]"),
    m: () => click(document.querySelector("button[data-choose]")),
    v: focus("select[name$=-rating]"),
    t: focus("textarea[name=note-text]"),
    f: focus(".ct-claim-page .ct-text"),
    "?": () => help("Keys of this page", CLAIM_HELP),
  };

  const pageKeys = () => {
    const keys = document.getElementById("claim-form") ? CLAIM_KEYS : document.getElementById("changelist") && LIST_KEYS;
    if (!keys) {
      return;
    }
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog[open], [role=textbox]");
      if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) {
        return;
      }
      event.preventDefault();
      keys[event.key]();
    });
  };

  // On a narrow screen the filters stand above the list: those that are not in use are folded.
  const foldFilters = () => {
    if (window.innerWidth > 1024) {
      return;
    }
    document.querySelectorAll("#changelist-filter details[open]").forEach((filter) => {
      const first = filter.querySelector("li");
      const isUsed = first ? !first.classList.contains("selected") : filter.querySelector(".ct-clear, option[selected]:not([value=''])");
      filter.open = Boolean(isUsed);
    });
  };

  // An action that took longer than a request goes on by itself.
  const goOn = () => {
    const form = document.querySelector("form[data-continue]");
    if (form) {
      form.requestSubmit();
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    pageKeys();
    foldFilters();
    goOn();
  });
}
