// Limner's page: cards come in over one stream, commands go out. Every text is set as text, never as markup.

const $ = (id) => document.getElementById(id);
const log = $("log");
const input = $("message");
const token = document.querySelector("meta[name=csrf-token]").content;
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

/** An element with properties and children; a string child becomes a text node. */
function el(tag, properties = {}, ...children) {
  const { data = {}, aria = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(`aria-${name}`, value);
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = svg.appendChild(document.createElementNS(svg.namespaceURI, "use"));
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** Ask the server; throws an error with a sentence for people. */
async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  let response;
  try {
    response = await fetch(path, { method, body, headers: method === "POST" ? { "X-CSRF-Token": token } : {} });
  } catch {
    throw new Error("I can't reach Limner. Nothing is lost; try again in a moment.");
  }
  if (response.status === 401) location.assign("/login");
  const found = await response.json().catch(() => null);
  if (!response.ok || !found) throw new Error(found?.error.message ?? "That answer made no sense. Try again.");
  readClock(response.headers.get("Date"));
  return found;
}

/* ---- Cards ------------------------------------------------------------------------------------------ */

const articles = new Map(); // message id → its article
const cards = new WeakMap(); // article → the card that it shows
let quiet = true; // nothing is spoken while the page fills
let follow = 0; // until this moment a new card scrolls into view, wherever the reader is

/** The parts of a card in their order: name, the fields that it is drawn from, and how. */
const PARTS = [
  ["head", ["state", "title", "tag", "prompt", "media"], drawHead],
  ["prompt", ["title", "prompt"], drawPrompt],
  ["pictures", ["media"], drawPictures],
  ["bar", ["bar"], drawBar],
  ["lines", ["lines"], drawLines],
  ["chips", ["chips"], drawChips],
  ["foot", ["footer"], (box, card) => box.replaceChildren(card.footer ?? "")],
  ["buttons", ["buttons", "command", "media"], drawButtons],
];

function newArticle(card) {
  const article = el("article", { tabIndex: -1 }, ...PARTS.map(([name]) => el("div", { className: name })));
  if (card.message) article.dataset.message = card.message;
  return article;
}

/** Draw what differs from the card before, so that focus, pictures and the bar's motion stay.
 *  A bar that knows nothing yet (Limner has just restarted) keeps what it showed. */
function paint(article, card) {
  const before = cards.get(article);
  if (card.bar?.percent === null && before?.bar) card = { ...card, bar: { ...card.bar, percent: before.bar.percent } };
  cards.set(article, card);
  article.dataset.state = card.state;
  article.dataset.tone = card.tone;
  article.ariaLabel = card.prompt ?? card.title;
  if (card.job) article.dataset.job = card.job;
  PARTS.forEach(([, fields, draw], at) => {
    const key = (of) => JSON.stringify(fields.map((field) => of[field]));
    if (!before || key(before) !== key(card)) draw(article.children[at], card);
  });
  if (quiet || before?.state === card.state) return;
  speak(card);
  creditsSoon();
}

function speak(card) {
  const title = card.state === "succeeded" ? "Ready" : card.title;
  $("spoken").textContent = [card.prompt ? `${title}: ${card.prompt}` : title, ...card.lines].join("\n");
}

function drawHead(box, card) {
  const gone = card.state === "succeeded" && !card.media.length;
  const pictogram = card.media.length ? [] : [icon(gone ? "gone" : card.state)];
  const title = el("h2", { dir: "auto", className: card.title === card.prompt ? "words" : "" }, card.title);
  const tag = card.tag ? [el("span", { className: "tag" }, `#${card.tag}`)] : [];
  box.replaceChildren(...pictogram, title, ...tag);
}

function drawPrompt(box, card) {
  box.dir = "auto";
  box.textContent = card.prompt && card.prompt !== card.title ? card.prompt : "";
}

function drawPictures(box, card) {
  const several = card.media.length > 1;
  box.classList.toggle("several", several);
  const kept = new Map([...box.children].map((figure) => [figure.dataset.url, figure]));
  box.replaceChildren(...card.media.map((media) => kept.get(media.url) ?? picture(media)));
  box.querySelectorAll(".save").forEach((save, n) => {
    save.hidden = !several;
    save.ariaLabel = `Download picture ${n + 1}`; // one that arrived earlier may have moved on
  });
}

function picture(media) {
  const image = el("img", { src: media.url, alt: media.alt, decoding: "async" });
  const bottom = atBottom();
  image.addEventListener("load", () => bottom && toBottom());
  const whole = el("a", { href: media.url, target: "_blank", rel: "noopener" }, image);
  const save = el("a", { className: "save", href: `${media.url}?download`, download: "" }, icon("save"));
  return el("div", { className: "picture", data: { url: media.url } }, whole, save);
}

function drawLines(box, card) {
  box.replaceChildren(...card.lines.map((line) => el("p", { dir: "auto" }, ...unbroken(line))));
}

/** Text whose options stay on one line: browsers would break "--" off. */
function unbroken(text) {
  const parts = text.split(/(?<!\S)(--[a-z][a-z-]*)/); // every second one is an option
  return parts.map((part, n) => (n % 2 ? el("span", { className: "flag" }, part) : part));
}

function drawChips(box, card) {
  const chips = card.chips.map((chip) => el("li", { dir: "auto" }, chip));
  box.replaceChildren(...(chips.length ? [el("ul", {}, ...chips)] : []));
}

function drawBar(box, card) {
  const bar = card.bar;
  if (!bar) return box.replaceChildren();
  if (!box.firstChild) {
    const cells = Array.from({ length: 10 }, () => el("span"));
    const aria = { label: "Progress", valuemin: 0, valuemax: 100 };
    box.append(el("div", { className: "leaf", role: "progressbar", aria }, ...cells));
    box.append(el("span", { className: "percent" }), el("time"));
  }
  const [leaf, percent, time] = box.children;
  const known = bar.percent !== null;
  percent.textContent = known ? `${bar.approximate ? "about " : ""}${bar.percent} %` : "";
  leaf.toggleAttribute("aria-valuenow", known);
  leaf.toggleAttribute("aria-valuetext", known);
  if (known) {
    leaf.setAttribute("aria-valuenow", bar.percent);
    leaf.setAttribute("aria-valuetext", percent.textContent);
  }
  [...leaf.children].forEach((cell, at) => {
    if (known) cell.style.setProperty("--laid", Math.min(1, Math.max(0, bar.percent / 10 - at)));
    else cell.style.removeProperty("--laid");
  });
  time.hidden = bar.eta_at === null;
  time.dateTime = bar.eta_at === null ? "" : new Date(bar.eta_at * 1000).toISOString();
  time.dataset.percent = bar.percent ?? 0;
  tick();
}

function drawButtons(box, card) {
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.act : null;
  box.replaceChildren(...card.buttons.flatMap((button) => drawButton(button, card)));
  const heir = box.querySelector(`[data-act="${focused}"]`) ?? box.closest("article");
  if (focused) heir.focus({ preventScroll: true });
}

function drawButton({ act, jobs, label }, card) {
  const look = { className: "act", data: { act } };
  if (act === "original") {
    if (card.media.length !== 1) return []; // several pictures carry their own links
    return [el("a", { ...look, href: `${card.media[0].url}?download`, download: "" }, label)];
  }
  const button = el("button", { ...look, type: "button" }, label);
  button.addEventListener("click", () => (act === "words" ? compose(card.command) : press(button, act, jobs)));
  return [button];
}

async function press(button, act, jobs) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  notice();
  if (act === "again" || act === "retry") follow = performance.now() + 5000;
  const outcomes = await Promise.allSettled(jobs.map((job) => ask(`/api/jobs/${job}/${act}`, null, "POST")));
  if (outcomes.every(({ status }) => status === "rejected")) notice(outcomes[0].reason.message);
  else if (!live()) await load().catch(() => {});
  const card = outcomes.map(({ value }) => value?.card).find(Boolean);
  if (card) paint(button.closest("article"), card);
  button.ariaDisabled = null;
}

const SEEN_MS = 400; // "Queued" stays this long, so that people see that they were heard
const held = new Map(); // message id → the newest card that waits for that

function hold(article, card) {
  const left = article.born + SEEN_MS - performance.now();
  if (quiet || left <= 0 || cards.get(article).state !== "queued" || card.state === "queued") return false;
  if (!held.has(card.message)) setTimeout(() => letGo(card.message), left);
  held.set(card.message, card);
  return true;
}

function letGo(message) {
  const card = held.get(message);
  held.delete(message);
  if (card) place(card);
}

/** Show a card: in place of the one before, else where its age belongs. */
function place(card) {
  let article = articles.get(card.message);
  if (article && hold(article, card)) return article;
  const bottom = atBottom() || performance.now() < follow;
  if (!article) {
    article = newArticle(card);
    article.born = performance.now();
    const younger = [...articles.keys()].filter((id) => id > card.message).sort()[0];
    log.insertBefore(article, articles.get(younger) ?? null);
    articles.set(card.message, article);
  }
  paint(article, card);
  empty();
  if (bottom) toBottom();
  return article;
}

function remove(message) {
  const article = articles.get(message);
  if (!article) return;
  articles.delete(message);
  held.delete(message);
  if (article.contains(document.activeElement)) input.focus();
  article.remove();
  empty();
}

/** An answer lives in this tab only; a job's card that was asked for comes into view. */
function answer(card) {
  if (card.message) {
    const article = place(card);
    article.scrollIntoView({ block: "center" });
    article.classList.add("called");
    setTimeout(() => article.classList.remove("called"), 2000);
    return;
  }
  const article = newArticle(card);
  paint(article, card);
  log.append(article);
  empty();
  toBottom();
}

const empty = () => ($("empty").hidden = quiet || log.childElementCount > 0);
const atBottom = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
const toBottom = () => scrollTo({ top: document.documentElement.scrollHeight });

/* ---- Times that tick by themselves ------------------------------------------------------------------ */

let skew = 0; // milliseconds that the server's clock is ahead of this one
let ticking;

function readClock(date) {
  const ahead = Date.parse(date) + 500 - Date.now();
  skew = Math.abs(ahead) < 2000 ? 0 : ahead || 0;
}

function untilText(seconds, percent) {
  if (seconds <= 0) return percent >= 70 ? "Almost there" : "";
  if (seconds < 90) return `ready in ${plural(seconds, "second")}`;
  return `ready in about ${Math.round(seconds / 60)} minutes`;
}

function tick() {
  const times = [...log.querySelectorAll(".bar time:not([hidden])")];
  const now = Date.now() + skew;
  for (const time of times) {
    const seconds = Math.round((Date.parse(time.dateTime) - now) / 1000);
    time.textContent = untilText(seconds, Number(time.dataset.percent));
  }
  if (times.length) ticking ??= setInterval(tick, 1000);
  else ticking = clearInterval(ticking);
}

/* ---- The stream: open while the tab is seen, so that many tabs do not use up the connections ---------- */

const LOADED = 50; // cards that the server gives at most

let stream;
let lost; // the timer that will say so
let loading;
const heard = new Set(); // messages that the stream brought while the last cards were on their way

const live = () => stream?.readyState === EventSource.OPEN;

function connect() {
  stream?.close();
  stream = new EventSource("/api/events");
  stream.addEventListener("card", (event) => hear(event, place));
  stream.addEventListener("gone", (event) => hear(event, ({ message }) => remove(message)));
  stream.addEventListener("open", () => {
    lost = clearTimeout(lost);
    $("connection").textContent = "";
    load().catch(() => {});
  });
  stream.addEventListener("error", () => {
    lost ??= setTimeout(() => ($("connection").textContent = "Reconnecting…"), 700);
    if (stream.readyState === EventSource.CLOSED) setTimeout(reconnect, 2000);
  });
}

function hear(event, then) {
  const data = JSON.parse(event.data);
  heard.add(data.message);
  then(data);
}

function reconnect() {
  if (document.visibilityState === "visible" && stream.readyState === EventSource.CLOSED) credits().finally(connect);
}

function seen() {
  if (document.visibilityState === "visible") return connect();
  lost = clearTimeout(lost);
  stream.close();
}

/** Show the last cards and take away what was deleted meanwhile. What the stream said since is newer. */
async function fetchCards() {
  heard.clear();
  const { cards: latest } = await ask("/api/cards");
  const listed = new Set([...heard, ...latest.map((card) => card.message)]);
  const oldest = latest.length < LOADED ? "" : latest[0].message; // nothing is known of what is older
  for (const id of [...articles.keys()]) if (id >= oldest && !listed.has(id)) remove(id);
  for (const card of latest) if (!heard.has(card.message)) place(card);
}

const load = () => (loading ??= fetchCards().finally(() => (loading = undefined)));

let nextDay;
let creditsDue;

function creditsSoon() {
  creditsDue ??= setTimeout(credits, 150);
}

async function credits() {
  creditsDue = clearTimeout(creditsDue);
  const purse = await ask("/api/me").catch(() => null);
  if (!purse) return;
  const wait = purse.resets_at * 1000 - Date.now() - skew;
  const hours = Math.ceil(wait / 3_600_000);
  const some = `${plural(purse.left, "credit")} left today`;
  $("credits").textContent = purse.left > 0 ? some : `No credits left, back in ${plural(hours, "hour")}`;
  clearTimeout(nextDay);
  nextDay = setTimeout(credits, Math.max(60_000, wait + 1000));
}

/* ---- The composer ----------------------------------------------------------------------------------- */

const HISTORY = "limner.history";
const DRAFT = "limner.draft";
let sending = false;
let attempt = {}; // the text and its key: the same text again after a failure is the same command
let at = null; // where in the history the input stands
let draft = "";

function notice(text) {
  const note = text ? [el("div", { className: "notice" }, icon("failed"), el("span", {}, ...unbroken(text)))] : [];
  $("notice").replaceChildren(...note);
}

function compose(text) {
  input.value = text;
  at = null;
  input.focus();
  input.setSelectionRange(text.length, text.length);
  edited();
}

function edited() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
  stored("sessionStorage", DRAFT, input.value);
}

/** Read a stored value or write one; a browser that keeps nothing, or kept nonsense, is no reason to fail. */
function stored(storage, key, value) {
  try {
    if (value === undefined) return JSON.parse(window[storage].getItem(key));
    window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // the page works without
  }
  return null;
}

const past = () => stored("localStorage", HISTORY) ?? [];

function remember(text) {
  stored("localStorage", HISTORY, [...past().filter((line) => line !== text), text].slice(-100));
}

/** Step through sent lines, -1 to older ones; the unsent words wait at the end. */
function recall(step) {
  const lines = past();
  if (at === null) draft = input.value;
  const to = (at ?? lines.length) + step;
  if (to < 0 || to > lines.length || lines.length === 0) return;
  compose(to === lines.length ? draft : lines[to]);
  at = to;
}

const randomKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

async function send() {
  const text = input.value.trim();
  if (!text || sending) return;
  sending = true;
  composer.querySelector(".send").ariaDisabled = "true";
  notice();
  if (attempt.text !== text) attempt = { text, key: randomKey() };
  follow = performance.now() + 5000;
  const form = new FormData();
  form.append("text", text);
  form.append("key", attempt.key);
  try {
    const outcome = await ask("/api/messages", form);
    attempt = {};
    remember(text);
    if (input.value.trim() === text) compose("");
    if (outcome.card) answer(outcome.card);
    else if (!live()) await load();
  } catch (error) {
    notice(error.message);
  }
  sending = false;
  composer.querySelector(".send").ariaDisabled = null;
}

/* ---- Suggestions after "/" and "--" ------------------------------------------------------------------- */

const menu = $("menu");
let commands = [];
let offers = []; // what is suggested: { label, hint, text } where text is the whole input once taken
let chosen = -1;

function suggest() {
  const text = input.value;
  offers = input.selectionEnd === text.length ? offersFor(text.replace(/(^|\s)[—–]/g, "$1--")) : [];
  choose(/^\/\S*$/.test(text) && offers.length && offers[0].label !== text ? 0 : -1);
}

function offersFor(text) {
  const words = text.split(/\s+/);
  const last = words.at(-1);
  const rest = text.slice(0, text.length - last.length);
  const offer = (label, hint) => ({ label, hint, text: `${rest}${label} ` });
  const starting = (label) => label.toLowerCase().startsWith(last.toLowerCase());
  if (words.length === 1) {
    const fitting = commands.filter(({ name }) => last && starting(`/${name}`));
    return fitting.map(({ name, summary }) => offer(`/${name}`, summary.replace(`/${name}`, "").trim()));
  }
  const options = commands.find(({ name }) => words[0] === `/${name}`)?.options ?? [];
  const choices = options.find(({ flag }) => flag === words.at(-2))?.choices ?? [];
  if (choices.includes(last)) return [];
  if (choices.length) return choices.filter(starting).map((choice) => offer(choice, ""));
  if (!last.startsWith("-") && (last || words.length > 2)) return [];
  const unused = options.filter(({ flag }) => starting(flag) && !words.includes(flag));
  return unused.map(({ flag, hint, choices: known }) => offer(flag, hint || known.join(", ")));
}

/** Mark an offer as the one that Enter takes, or none; draws the list. */
function choose(index) {
  if (menu.hidden && offers.length) $("spoken").textContent = plural(offers.length, "suggestion");
  chosen = index;
  menu.hidden = offers.length === 0;
  menu.replaceChildren(...offers.map(drawOffer));
  if (chosen < 0) return input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-activedescendant", `offer-${chosen}`);
  menu.children[chosen].scrollIntoView({ block: "nearest" });
}

function drawOffer({ label, hint }, n) {
  const properties = { id: `offer-${n}`, role: "option", aria: { selected: n === chosen } };
  const item = el("li", properties, el("b", {}, label), el("span", {}, hint));
  item.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
  item.addEventListener("click", () => take(n));
  return item;
}

function take(index) {
  compose(offers[index].text);
  suggest();
}

function closeMenu() {
  offers = [];
  choose(-1);
}

/** Keys that the open list takes for itself; true when it did. */
function menuKey(event) {
  if (menu.hidden) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose((Math.max(chosen, step > 0 ? -1 : 0) + step + offers.length) % offers.length);
  else if (event.key === "Escape") closeMenu();
  else if (event.key === "Tab" && !event.shiftKey) take(Math.max(chosen, 0));
  else if (event.key === "Enter" && !event.shiftKey && chosen >= 0) take(chosen);
  else return false;
  return true;
}

/** Keys of the history: in one line of text anywhere, in several only while they are recalled ones. */
function historyKey(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const oneLine = input.scrollHeight < 2 * parseFloat(getComputedStyle(input).lineHeight);
  if (!step || event.shiftKey || !(oneLine || at !== null) || (step > 0 && at === null)) return false;
  recall(step);
  return true;
}

/* ---- Start ------------------------------------------------------------------------------------------ */

const composer = $("composer");

input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const sends = event.key === "Enter" && !event.shiftKey;
  if (menuKey(event) || historyKey(event)) event.preventDefault();
  else if (sends) {
    event.preventDefault();
    closeMenu();
    send();
  }
});
input.addEventListener("input", () => {
  at = null;
  edited();
  suggest();
});
input.addEventListener("blur", closeMenu);
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  closeMenu();
  send();
});
$("empty").addEventListener("click", (event) => {
  if (event.target.matches("button")) compose(`/imagine ${event.target.textContent}`);
});
document.addEventListener("visibilitychange", seen);

compose(input.value || stored("sessionStorage", DRAFT) || "");
connect();
await Promise.allSettled([
  ask("/api/menu").then((answer) => (commands = answer.commands)),
  credits(),
  load(),
]);
quiet = false;
log.ariaBusy = "false";
empty();
toBottom();
