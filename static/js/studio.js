/* The editor of a condition: words that fit where the caret stands, sliders that move a number of the text, and which
   of the two, text or rows, was edited last. Without this script the buttons of the page do the same by the server. */
(() => {
  "use strict";

  /* looked for each time: where the rows were edited, the server sends a new text */
  const text = () => document.getElementById("condition");
  const list = document.getElementById("offered");
  const edited = document.getElementById("edited");
  if (!list || !edited) return;

  const MOST = 12;
  const WORD = /[\p{L}\p{N}_]+$/u;
  const QUOTED = /([a-z0-9_]+)\s*(?:=|<>|(?:NOT\s+)?IN\s*\([^)]*|,)\s*'([^']*)$/i;
  const CONTAINS = /list_contains\(\s*([a-z0-9_]+)\s*,\s*'([^']*)$/i;
  let words = { features: [], functions: [], keywords: [] };
  let offers = [];
  let chosen = 0;

  const tell = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true }));

  /* what fits: values of the feature inside quotation marks, otherwise features, functions, words */
  const before = () => text().value.slice(0, text().selectionStart);

  const fitting = () => {
    const quoted = CONTAINS.exec(before()) || QUOTED.exec(before());
    const feature = quoted && words.features.find((one) => one.name === quoted[1].toLowerCase());
    if (feature) return values(feature, quoted[2]);
    const typed = WORD.exec(before())?.[0].toLowerCase() ?? "";
    if (!typed || /^\d/.test(typed)) return [];
    return [...named(typed), ...others(typed)].slice(0, MOST);
  };

  const values = (feature, typed) => feature.values
    .filter(([value, said]) => value.startsWith(typed) || said.includes(typed))
    .map(([value, said]) => ({ insert: value, typed, said })).slice(0, MOST);

  const named = (typed) => {
    const rank = (one) => (one.name.startsWith(typed) ? 0 : one.title.toLowerCase().startsWith(typed) ? 1
      : one.name.includes(typed) ? 2 : one.title.toLowerCase().includes(typed) ? 3 : 9);
    return words.features.map((one) => [rank(one), one]).filter(([at]) => at < 9)
      .sort(([a], [b]) => a - b).map(([, one]) => ({ insert: one.name, typed, said: `${one.title} ${one.unit}` }));
  };

  const others = (typed) => [...words.functions, ...words.keywords]
    .filter((one) => one.toLowerCase().startsWith(typed)).map((one) => ({ insert: one, typed, said: "" }));

  const draw = () => {
    list.replaceChildren(...offers.map((offer, at) => {
      const row = document.createElement("button");
      row.type = "button";
      row.id = `offer-${at}`;
      row.tabIndex = -1;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(at === chosen));
      const name = document.createElement("code");
      name.textContent = offer.insert;
      row.append(name, ` ${offer.said}`);
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(at); });
      return row;
    }));
    list.hidden = offers.length === 0;
    if (offers.length) text().setAttribute("aria-activedescendant", `offer-${chosen}`);
    else text().removeAttribute("aria-activedescendant");
  };

  const offer = () => {
    offers = fitting().filter((one) => one.insert.toLowerCase() !== one.typed);
    chosen = 0;
    draw();
  };

  const close = () => { offers = []; draw(); };

  const take = (at) => {
    const one = offers[at];
    const end = text().selectionStart;
    text().setRangeText(one.insert, end - one.typed.length, end, "end");
    close();
    text().focus();
    text().dispatchEvent(new Event("input", { bubbles: true }));
  };

  const KEYS = {
    ArrowDown: () => { chosen = (chosen + 1) % offers.length; draw(); },
    ArrowUp: () => { chosen = (chosen + offers.length - 1) % offers.length; draw(); },
    Enter: () => take(chosen),
    Tab: () => take(chosen),
    Escape: close,
  };

  document.addEventListener("keydown", (event) => {
    if (event.target !== text() || event.isComposing || !offers.length || event.shiftKey || !(event.key in KEYS)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  /* who was edited last; listened for on the way down, before the page asks the server */
  document.addEventListener("input", (event) => {
    if (event.target === text()) {
      edited.value = "text";
      if (event.isTrusted) offer();
    } else if (event.target.closest?.("#builder")) edited.value = "rows";
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#builder button")) edited.value = "rows";
    if (event.target !== text()) close();
  }, true);

  /* a date's slider counts the days since 1970 began */
  const DAY = 86400000;
  const threshold = (slider) => ("dated" in slider.dataset
    ? new Date(Number(slider.value) * DAY).toISOString().slice(0, 10) : slider.value);

  /* a slider moves its number in the text; the others that come after it in the text move along */
  const write = (slider) => {
    const at = Number(slider.dataset.at);
    const old = Number(slider.dataset.size);
    const moved = threshold(slider);
    text().setRangeText(moved, at, at + old, "end");
    for (const other of document.querySelectorAll("input[data-at]")) {
      if (Number(other.dataset.at) > at) other.dataset.at = String(Number(other.dataset.at) + moved.length - old);
    }
    slider.dataset.size = String(moved.length);
    edited.value = "text";
    if ("dated" in slider.dataset) slider.setAttribute("aria-valuetext", moved);
    const said = document.querySelector(`output[for="${slider.id}"]`);
    if (said) said.textContent = moved;
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches?.("input[data-at]")) write(event.target);
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-at]")) tell("studio:typed");
  });

  fetch(list.dataset.words, { headers: { Accept: "application/json" } }).then((answer) => answer.json()).then((found) => {
    words = found;
    document.getElementById("features").replaceChildren(...found.features.map((one) => {
      const option = document.createElement("option");
      option.value = one.name;
      option.label = one.title;
      return option;
    }));
  }).catch(() => {});
})();
