/* Keys of the desk. Letters go by the key's place (event.code), never while Chinese is being composed, and never
   inside a field. What a key does, a link or a button on the page does too. */
(() => {
  "use strict";

  const TYPING = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
  const KINDS = ["contact", "response", "verdict"];
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];

  /* rows: the focus itself is the mark, so Enter opens by the browser's own doing */
  const links = () => all("[data-row] th a, [data-row] > a");
  const at = () => links().findIndex((link) => link.closest("[data-row]").contains(document.activeElement));

  const move = (step) => {
    const rows = links();
    const next = Math.min(Math.max(at() + step, 0), rows.length - 1);
    rows[at() < 0 ? 0 : next]?.focus();
  };

  const open = () => {
    if (at() < 0) links()[0]?.click();
  };

  const send = (form) => form?.requestSubmit();

  /* the result: a key answers the first question that is still open and has an answer with that key */
  const answer = (key) => {
    for (const kind of KINDS) {
      const options = all(`input[name="${kind}"]`);
      if (options.some((option) => option.checked) || !options.some((option) => option.offsetParent)) continue;
      const found = options.find((option) => option.dataset.key === key);
      if (!found) continue;
      found.checked = true;
      found.focus();
      found.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    }
    return false;
  };

  const ACTIONS = {
    KeyJ: () => move(1),
    KeyK: () => move(-1),
    KeyN: () => send(one("#claim") || one("#next")),
    KeyE: () => one('input[name="contact"]')?.focus(),
    KeyI: () => one("#whole")?.click(),
    KeyQ: () => one('.wt-rail nav a')?.click(),
  };

  const letter = (code) => /^(Digit|Key)(.)$/.exec(code)?.[2].toLowerCase();

  const act = (event) => {
    if (event.key === "?") return one("#keys")?.showModal() ?? true;
    if (event.shiftKey) return false;
    if (event.code === "Enter") return event.target === document.body ? open() ?? true : false;
    if (one("#result") && answer(letter(event.code))) return true;
    if (!(event.code in ACTIONS)) return false;
    ACTIONS[event.code]();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.repeat || one("dialog[open]")) return;
    const form = one("#result");
    if ((event.ctrlKey || event.metaKey) && event.code === "Enter" && form) {
      event.preventDefault();
      send(form);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
    if (act(event)) event.preventDefault();
  });

  /* a refresh of the rows keeps the row that had the focus */
  let kept = null;
  document.addEventListener("htmx:beforeSwap", () => {
    kept = document.activeElement?.closest?.("[data-row]")?.id ?? null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    if (kept) document.getElementById(kept)?.querySelector("th a")?.focus();
    kept = null;
  });
})();
