"use strict";
/* Correcting a claim by selecting its words in the article: from a selection to code points, shown before it is saved.

   Offsets are counted in code points, as the database has them; a string's length here counts UTF-16 units, so every
   count goes through an iterator. The page only proposes: the server checks each stretch against the text again. */
{
  const LABELS = {
    "fix-content": "What was said",
    "fix-cue": "Cue",
    "fix-mention": "Who said it, in words",
    "missed-content": "New claim",
    "missed-cue": "Its cue",
    "missed-mention": "Who says it, in words",
  };
  const { ArticleText, without } = Stretches; // stretches.js, loaded before

  class Selecting {
    constructor(box) {
      this.box = box;
      this.text = new ArticleText(box);
      this.toolbar = document.getElementById("ct-toolbar");
      this.pending = document.getElementById("ct-pending");
      this.stretches = [];
      this.listen();
      this.show();
    }

    field(name) {
      return document.getElementById(`id_${name}`);
    }

    value(name) {
      try {
        return JSON.parse(this.field(name).value || "null");
      } catch {
        return null;
      }
    }

    listen() {
      document.addEventListener("selectionchange", () => this.selected());
      this.box.addEventListener("mouseup", () => window.setTimeout(() => this.offer(), 0));
      this.box.addEventListener("keydown", (event) => this.key(event));
      // A click on a link into another claim must not end a selection made across it.
      this.box.addEventListener("click", (event) => {
        if (this.stretches.length && event.target.closest("a")) {
          event.preventDefault();
        }
      });
      this.box.addEventListener("dragstart", (event) => event.preventDefault());
      this.toolbar.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the selection
      this.toolbar.addEventListener("click", (event) => {
        const button = event.target.closest("button[data-use]");
        if (button) {
          this.use(button.dataset.use, Boolean(button.dataset.more));
        }
      });
      this.toolbar.addEventListener("keydown", (event) => this.toolbarKey(event));
      this.pending.addEventListener("click", (event) => {
        const button = event.target.closest("button[data-drop]");
        if (button) {
          this.set(button.dataset.drop, null);
        }
      });
    }

    range() {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) {
        return null;
      }
      const range = selection.getRangeAt(0);
      return this.box.contains(range.commonAncestorContainer) ? range : null;
    }

    selected() {
      const range = this.range();
      if (!range) {
        if (!this.toolbar.contains(document.activeElement)) {
          this.hide();
        }
        return;
      }
      this.stretches = this.text.stretches(range);
    }

    /* Shows the toolbar beside the selection; with the keyboard it comes on Enter and takes the focus. */
    offer(takesFocus = false) {
      const range = this.range();
      if (!range || !this.stretches.length) {
        return;
      }
      const words = this.stretches.map((stretch) => this.text.quote(stretch)).join(" … ");
      document.getElementById("ct-toolbar-words").textContent = words.length > 90 ? `${words.slice(0, 89)}…` : words;
      this.toolbar.hidden = false;
      this.place(range);
      if (takesFocus) {
        this.toolbar.querySelector("button").focus();
      }
    }

    place(range) {
      const rects = [...range.getClientRects()];
      const last = rects.length ? rects[rects.length - 1] : range.getBoundingClientRect();
      const parent = this.toolbar.offsetParent.getBoundingClientRect();
      const visible = this.box.getBoundingClientRect();
      const below = Math.min(Math.max(last.bottom, visible.top), visible.bottom) - parent.top + 6;
      const most = parent.width - this.toolbar.offsetWidth - 8;
      this.toolbar.style.setProperty("top", `${below}px`);
      this.toolbar.style.setProperty("left", `${Math.max(8, Math.min(last.left - parent.left, most))}px`);
      this.toolbar.scrollIntoView({ block: "nearest" });
    }

    hide() {
      this.toolbar.hidden = true;
      this.stretches = [];
    }

    key(event) {
      const arrows = { ArrowLeft: "backward", ArrowRight: "forward", ArrowUp: "backward", ArrowDown: "forward" };
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (event.key === "Enter" && this.range()) {
        event.preventDefault();
        this.offer(true);
      } else if (event.key === "Escape") {
        document.getSelection().removeAllRanges();
        this.hide();
      } else if (arrows[event.key] && (this.range() || event.key === "ArrowLeft" || event.key === "ArrowRight")) {
        event.preventDefault();
        const granularity = event.key === "ArrowLeft" || event.key === "ArrowRight" ? "word" : "line";
        this.move(arrows[event.key], granularity, event.shiftKey);
        this.offer();
      }
    }

    /* One word or line on: moves what is selected, or with Shift its end. Something always stays selected. */
    move(direction, granularity, extends_) {
      const selection = document.getSelection();
      if (!this.range()) {
        const mark = this.box.querySelector("mark.ct-content") || this.box.querySelector("p");
        selection.collapse(mark, 0);
        selection.modify("extend", "forward", "word");
        this.selected();
        return;
      }
      const before = selection.getRangeAt(0).cloneRange();
      if (extends_) {
        selection.modify("extend", direction, granularity);
      } else {
        selection[direction === "forward" ? "collapseToEnd" : "collapseToStart"]();
        selection.modify("move", direction, granularity);
        if (direction === "forward" && granularity === "word") {
          selection.modify("move", "backward", "word");
        }
        selection.modify("extend", "forward", "word");
      }
      if (!this.range() || !this.text.stretches(this.range()).length) {
        this.skipMarks(selection, direction, extends_);
      }
      if (!this.range()) {
        selection.removeAllRanges();
        selection.addRange(before);
      }
      const end = document.createRange();
      end.setStart(selection.focusNode, selection.focusOffset);
      this.follow(end);
      this.selected(); // the event tells of it only later
    }

    /* Punctuation by itself is no word: goes on to the next one that is. */
    skipMarks(selection, direction, extends_) {
      for (let steps = 0; steps < 12; steps += 1) {
        if (!extends_) {
          selection[direction === "forward" ? "collapseToEnd" : "collapseToStart"]();
          if (direction === "backward") {
            selection.modify("move", "backward", "word");
          }
        }
        selection.modify("extend", extends_ ? direction : "forward", "word");
        const range = this.range();
        if (!range || this.text.stretches(range).length) {
          return;
        }
      }
    }

    follow(range) {
      const rect = range.getBoundingClientRect();
      const box = this.box.getBoundingClientRect();
      if (rect.height && (rect.top < box.top || rect.bottom > box.bottom)) {
        this.box.scrollTop += rect.top - box.top - box.height / 2;
      }
    }

    toolbarKey(event) {
      const buttons = [...this.toolbar.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement);
      const step = { ArrowRight: 1, ArrowDown: 4, ArrowLeft: -1, ArrowUp: -4 }[event.key];
      if (step) {
        event.preventDefault();
        buttons[(at + step + buttons.length) % buttons.length].focus();
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.toolbar.hidden = true;
        this.box.focus();
      }
    }

    use(name, isMore) {
      const [group, role] = name.split("-");
      let stretches = this.stretches;
      if (role === "content") {
        const holes = ["cue", "mention"].flatMap((other) => this.current(group, other));
        stretches = without(this.text, stretches, holes);
        if (isMore) {
          stretches = this.joined([...this.current(group, "content"), ...stretches]);
        }
      }
      if (!stretches.length) {
        return;
      }
      this.set(name, stretches);
      if (group === "missed") {
        document.getElementById("ct-missed").open = true;
      }
      document.getSelection().removeAllRanges();
      this.hide();
      this.box.focus();
    }

    /* What counts for the claim now: chosen here, else what the page shows. */
    current(group, role) {
      const chosen = this.value(`${group}-${role}`);
      if (chosen || group === "missed") {
        return chosen || [];
      }
      return JSON.parse(this.box.dataset[role] || "[]");
    }

    joined(stretches) {
      const sorted = stretches.sort((one, other) => one[0] - other[0]);
      return sorted.reduce((kept, [start, end]) => {
        const last = kept[kept.length - 1];
        if (last && start <= last[1]) {
          last[1] = Math.max(last[1], end);
        } else {
          kept.push([start, end]);
        }
        return kept;
      }, []);
    }

    set(name, stretches) {
      const field = this.field(name);
      field.value = stretches ? JSON.stringify(stretches) : "";
      field.dispatchEvent(new Event("change", { bubbles: true }));
      this.show();
    }

    /* The preview: every choice in words, and painted in the text. */
    show() {
      const list = this.pending.querySelector("ul");
      list.replaceChildren();
      const painted = { content: [], cue: [], mention: [] };
      for (const name of Object.keys(LABELS)) {
        const stretches = this.value(name);
        if (!stretches) {
          continue;
        }
        list.append(this.line(name, stretches));
        const ranges = stretches.map((stretch) => this.text.range(stretch)).filter(Boolean);
        painted[name.split("-")[1]].push(...ranges);
      }
      this.pending.hidden = !list.children.length;
      if (window.CSS && CSS.highlights) {
        for (const [role, ranges] of Object.entries(painted)) {
          CSS.highlights.set(`ct-new-${role}`, new Highlight(...ranges));
        }
      }
    }

    line(name, stretches) {
      const line = document.createElement("li");
      const label = document.createElement("strong");
      label.textContent = LABELS[name];
      const quote = document.createElement("q");
      quote.className = `ct-new-${name.split("-")[1]}`;
      quote.textContent = stretches.map((stretch) => this.text.quote(stretch)).join(" … ");
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "ct-small-button";
      drop.dataset.drop = name;
      drop.textContent = "Drop";
      drop.setAttribute("aria-label", `Drop: ${LABELS[name]}`);
      line.append(label, " ", quote, " ", drop);
      return line;
    }
  }

  /* The autocomplete makes a search field of its own, which no label names. */
  const nameSearchFields = () => {
    document.querySelectorAll(".ct-grid .select2-search__field").forEach((field) => {
      const label = field.closest(".ct-grid > div").querySelector("label");
      field.setAttribute("aria-label", label.textContent);
    });
  };

  if (window.django && window.django.jQuery) {
    window.django.jQuery(nameSearchFields); // in the order of registration: after the autocomplete's own start
  }
  document.addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("ct-select");
    if (box) {
      new Selecting(box);
    }
  });
}
