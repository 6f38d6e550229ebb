/* What every page needs of a script: notes that go away by themselves, and a word when the server is out of reach. */
(() => {
  "use strict";
  const LASTS = 6000;
  const GOES = 200;

  const fade = (toast) => {
    toast.classList.add("wt-gone");
    setTimeout(() => toast.remove(), GOES);
  };

  const watch = () => {
    for (const toast of document.querySelectorAll("[data-toast]:not([data-watched])")) {
      toast.dataset.watched = "1";
      setTimeout(() => fade(toast), LASTS);
    }
  };

  /* a refresh that got no answer says so, and takes it back with the next one that does */
  const offline = (is) => {
    for (const note of document.querySelectorAll("[data-offline]")) note.hidden = !is;
  };

  document.addEventListener("htmx:sendError", () => offline(true));
  document.addEventListener("htmx:responseError", () => offline(true));
  document.addEventListener("htmx:afterOnLoad", () => offline(false));

  document.addEventListener("DOMContentLoaded", watch);
  document.addEventListener("htmx:afterSettle", watch);
})();
