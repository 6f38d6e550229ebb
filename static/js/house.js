/* What every page needs of a script: notes that go away by themselves. */
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

  document.addEventListener("DOMContentLoaded", watch);
  document.addEventListener("htmx:afterSettle", watch);
})();
