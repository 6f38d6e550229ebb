/* What a visitor does here, told to /v1/b: which page, how long it was looked at, how far it was read, what was pressed.

   <script src="…/track.js" defer data-key="…" data-say="yes|no" data-page="holdings"></script>
   <main data-track-page='{"symbol": "600519.SH"}'>      more about the page
   <a data-track="order_button" data-track-what='{…}'>   a press is told under this name
   <form data-track-search="q">                          a search, its words from the field of that name
   <li data-track-seen="security_seen" data-track-what='{…}'>   told once when half of it was in view for a second

   Who it is, only the server knows, by its own cookie; data-who is a mark by which it tells the events of one client from
   those of another who logs in here before they are sent. With data-say="no" nothing is told, and what was waiting is
   thrown away, in every open tab. What could not be sent waits in localStorage. */
(() => {
  "use strict";
  const script = document.currentScript;
  const [QUEUE, WHO, SAY, LAST] = ["wt-events", "wt-visitor", "wt-say", "wt-last"];
  const [SEND_TO, MOST, LONGEST, AT_ONCE, LARGEST] = ["/v1/b", 300, 500, 40, 60000];
  const [SOON, FIRST_WAIT, LAST_WAIT] = [1500, 5000, 300000];
  const [BEATS, IN_VIEW, HALF] = [[15, 30, 60], 1000, 0.5];
  const LIKE_A_NUMBER = /\d{6,}/;

  let silent = script.dataset.say !== "yes";
  let wait = FIRST_WAIT;
  let timer = 0;
  let sending = false;
  let memory = [];

  /* ---- what is kept: localStorage, or this page's memory where the browser allows none ---- */
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, text) => { try { localStorage.setItem(key, text); return true; } catch { return false; } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* none is kept there */ } };
  const parsed = (text, otherwise) => { try { return JSON.parse(text) ?? otherwise; } catch { return otherwise; } };
  const stored = () => { const found = parsed(read(QUEUE), []); return Array.isArray(found) ? found : []; };
  const waiting = () => stored().concat(memory);
  const keep = (event) => {
    if (!write(QUEUE, JSON.stringify(stored().concat(event).slice(-MOST)))) memory = memory.concat(event).slice(-MOST);
  };
  const drop = (ids) => {
    write(QUEUE, JSON.stringify(stored().filter((event) => !ids.has(event.messageId))));
    memory = memory.filter((event) => !ids.has(event.messageId));
  };
  const hush = () => {
    silent = true;
    memory = [];
    [QUEUE, WHO, LAST].forEach(forget);
  };

  const number = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  let stranger = "";
  /* a browser that another client uses now is another visitor: what waits of the one before never becomes his */
  const arrive = (who) => {
    if (!who || read(LAST) === who) return;
    if (read(LAST)) forget(WHO);
    write(LAST, who);
  };
  const visitor = () => {
    stranger = read(WHO) || stranger || number();
    write(WHO, stranger);
    return stranger;
  };

  /* ---- sending ---- */
  const body = (events) => JSON.stringify({
    writeKey: script.dataset.key, sentAt: new Date().toISOString(), who: events[0].who,
    batch: events.map(({ who, ...event }) => event),
  });
  /* browsers refuse more than 64 KB from a page that goes */
  const fitting = (found) => {
    let events = found.filter((event) => event.who === found[0].who);  // made on pages of one person, or of nobody
    while (events.length > 1 && new Blob([body(events)]).size > LARGEST) events = events.slice(0, events.length >> 1);
    return events;
  };
  const later = (after) => { clearTimeout(timer); timer = setTimeout(send, after); };
  const failed = () => { later(wait); wait = Math.min(wait * 2, LAST_WAIT); };
  const send = async () => {
    const events = fitting(waiting().slice(0, AT_ONCE));
    if (silent || sending || !events.length) return;
    sending = true;
    try {
      const answer = await fetch(SEND_TO, {
        method: "POST", body: body(events), credentials: "same-origin",
        headers: { "Content-Type": "text/plain" },
      });
      if (answer.status >= 500 || answer.status === 429) return failed();
      if (answer.status === 401) return;  // the key was revoked; the next page has another one
      drop(new Set(events.map((event) => event.messageId)));  // taken, or never to be taken
      wait = FIRST_WAIT;
      if (waiting().length) later(0);
    } catch {
      failed();
    } finally {
      sending = false;
    }
  };
  /* The page goes: the browser sends on its own. Whether it arrived nobody hears, so the events stay in the queue;
     the server drops what comes a second time. */
  const last = () => {
    const events = fitting(waiting().slice(-AT_ONCE).reverse());  // the newest first
    if (!silent && events.length) navigator.sendBeacon?.(SEND_TO, new Blob([body(events)], { type: "text/plain" }));
  };

  /* ---- events ---- */
  const view = number();
  const short = (value) => (typeof value === "string" ? value.slice(0, LONGEST) : value);
  const clean = (properties) => Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, short(value)]));
  const screen_ = () => ({ width: innerWidth, height: innerHeight, density: devicePixelRatio });
  const context = () => ({
    channel: "web", page: { path: location.pathname }, screen: screen_(), locale: document.documentElement.lang,
  });
  const tell = (type, name, properties = {}) => {
    if (silent) return;
    const named = type === "page" ? { name } : { event: name };
    keep({
      messageId: number(), type, ...named, anonymousId: visitor(), timestamp: new Date().toISOString(),
      context: context(), properties: clean({ ...properties, view }), who: script.dataset.who,
    });
    later(SOON);
  };
  const what = (element, name = "trackWhat") => {
    const told = parsed(element?.dataset[name], {});
    return told && typeof told === "object" ? told : {};
  };

  /* ---- how long: only while the page can be seen ---- */
  let seen = 0;
  let since = document.hidden ? 0 : performance.now();
  let deepest = 0;
  /* told piece by piece, so that the pieces of a view add up to how long it was in sight */
  let told = 0;
  const piece = () => {
    const whole = Math.round(seen + (since ? performance.now() - since : 0));
    const fresh = whole - told;
    told = whole;
    return fresh;
  };
  const depth = () => {
    const whole = document.documentElement.scrollHeight;
    deepest = Math.max(deepest, Math.min(100, Math.round(((scrollY + innerHeight) / whole) * 100)));
    return deepest;
  };
  const stayed = (name) => tell("track", name, { page: script.dataset.page, visible_ms: piece(), depth: depth() });
  const beat = (number_) => {
    const next = BEATS[Math.min(number_, BEATS.length - 1)] * 1000;
    setTimeout(() => {
      if (silent) return;
      if (!document.hidden) stayed("page_kept");
      beat(number_ + 1);
    }, next);
  };
  const hide = () => {
    if (!since) return;
    seen += performance.now() - since;
    since = 0;
    stayed("page_left");
    last();
  };
  const show = () => { since = since || performance.now(); };

  /* ---- what is pressed, searched, seen ---- */
  const pressed = (event) => {
    const target = event.target.closest?.("[data-track]");
    if (target) tell("track", target.dataset.track, what(target));
  };
  const searched = (event) => {
    const field = event.target.dataset?.trackSearch;
    if (!field) return;
    const words = String(new FormData(event.target).get(field) || "").trim();
    if (words) tell("track", "search", LIKE_A_NUMBER.test(words.replace(/[\s-]/g, "")) && words.length > 6
      ? { letters: words.length } : { query: words, letters: words.length });
  };
  const timers = new WeakMap();
  const met = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (isIntersecting) timers.set(target, setTimeout(() => {
        met.unobserve(target);
        if (!document.hidden) tell("track", target.dataset.trackSeen, what(target));
      }, IN_VIEW));
    }
  }, { threshold: HALF });
  const look = () => {
    for (const target of document.querySelectorAll("[data-track-seen]:not([data-met])")) {
      target.dataset.met = "1";
      met.observe(target);
    }
  };

  const begin = () => {
    arrive(script.dataset.who);
    tell("page", script.dataset.page, what(document.querySelector("[data-track-page]"), "trackPage"));
    look();
    beat(0);
    addEventListener("scroll", depth, { passive: true });
    document.addEventListener("click", pressed);
    document.addEventListener("submit", searched);
    document.addEventListener("htmx:afterSettle", look);
    document.addEventListener("visibilitychange", () => (document.hidden ? hide() : show()));
    addEventListener("pagehide", hide);
    addEventListener("pageshow", show);
    addEventListener("online", () => later(0));
    send();
  };

  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(SAY) : null;
  if (tabs) tabs.onmessage = ({ data }) => { if (data === "no") hush(); };
  addEventListener("storage", (event) => { if (event.key === SAY && event.newValue === "no") hush(); });
  if (silent) tabs?.postMessage("no");
  write(SAY, silent ? "no" : "yes");
  if (silent) hush(); else begin();
})();
