// Before the bundle that follows: the style sheets that it makes while it runs carry the page's nonce, without which its
// policy stops them; and its maker's logo, which it asks another host for, is left out.
"use strict";
{
  const nonce = document.currentScript.dataset.nonce;
  const make = document.createElement.bind(document);
  const isElsewhere = (address) => new URL(address, location.href).origin !== location.origin;
  document.createElement = (name, options) => {
    const element = make(name, options);
    const kind = String(name).toLowerCase();
    if (kind === "style") {
      element.setAttribute("nonce", nonce);
    } else if (kind === "img") {
      const set = element.setAttribute.bind(element);
      element.setAttribute = (attribute, value) => {
        if (attribute !== "src" || !isElsewhere(value)) {
          set(attribute, value);
        }
      };
      Object.defineProperty(element, "src", {
        get: () => element.getAttribute("src"),
        set: (value) => element.setAttribute("src", value),
      });
    }
    return element;
  };
}
