"use strict";
/* Tells the desk that the editor has this claim before them: opening a page by GET writes nothing by itself. */
document.addEventListener("DOMContentLoaded", () => {
  const token = document.querySelector("#claim-form input[name=csrfmiddlewaretoken]");
  const path = window.location.pathname;
  if (token && path.endsWith("/change/")) {
    window.fetch(path.replace(/change\/$/, "seen/"), {
      method: "POST",
      headers: { "X-CSRFToken": token.value },
      credentials: "same-origin",
      keepalive: true,
    });
  }
});
