// Cards: drawn where they differ from before, put where their age belongs.

import { $, el, icon, plural, unbroken } from "./dom.js";
import { creditsSoon } from "./credits.js";
import { serverNow } from "./server.js";

const log = $("log");
const articles = new Map(); // message id → its article
const cards = new WeakMap(); // article → the card that it shows
let quiet = true; // nothing is spoken while the page fills
let follow = 0; // until this moment a new card scrolls into view, wherever the reader is

/** The parts of a card in their order: name, the fields that it is drawn from, and how. */
const PARTS = [
  ["head", ["state", "title", "tag", "prompt", "media"], drawHead],
  ["prompt", ["title", "prompt"], drawPrompt],
  ["pictures", ["media"], drawMedia],
  ["bar", ["bar"], drawBar],
  ["lines", ["lines"], drawLines],
  ["chips", ["chips"], drawChips],
  ["foot", ["footer"], (box, card) => box.replaceChildren(card.footer ?? "")],
  ["buttons", ["buttons", "media"], drawButtons],
];

export const cardOf = (article) => cards.get(article);
export const shown = () => [...articles.keys()];
export const followSoon = () => (follow = performance.now() + 5000);

/** The page is filled: from now on what changes is spoken. */
export function filled() {
  quiet = false;
  log.ariaBusy = "false";
  empty();
  toBottom();
}

function newArticle(card) {
  const article = el("article", { tabIndex: -1 }, ...PARTS.map(([name]) => el("div", { className: name })));
  if (card.message) article.dataset.message = card.message;
  return article;
}

/** Draw what differs from the card before, so that focus, pictures and the bar's motion stay.
 *  A bar that knows nothing yet (Limner has just restarted) keeps what it showed. */
export function paint(article, card) {
  const before = cards.get(article);
  if (card.bar?.percent === null && before?.bar) card = { ...card, bar: { ...card.bar, percent: before.bar.percent } };
  cards.set(article, card);
  article.dataset.state = card.state;
  article.dataset.tone = card.tone;
  article.classList.toggle("portrait", card.portrait && card.media.length === 1);
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

function drawMedia(box, card) {
  const several = card.media.length > 1;
  box.classList.toggle("several", several);
  const kept = new Map([...box.children].map((figure) => [figure.dataset.url, figure]));
  box.replaceChildren(...card.media.map((media) => kept.get(media.url) ?? figure(media)));
  [...box.children].forEach((shown, n) => {
    const [choose, save] = shown.querySelectorAll(".corner");
    choose.hidden = save.hidden = !several;
    choose.ariaLabel = `Choose picture ${n + 1}`; // one that arrived earlier may have moved on
    save.ariaLabel = `Download picture ${n + 1}`;
  });
}

function figure(media) {
  const shows = media.type.startsWith("video/") ? film(media) : picture(media);
  const data = { act: "pick", jobs: media.job };
  const choose = el("button", { className: "corner choose", type: "button", data }, icon("running"));
  const save = el("a", { className: "corner save", href: media.download, download: "" }, icon("save"));
  return el("div", { className: "picture", data: { url: media.url } }, shows, choose, save);
}

function picture(media) {
  const image = el("img", { src: media.url, alt: media.alt, decoding: "async" });
  const bottom = atBottom();
  image.addEventListener("load", () => bottom && toBottom());
  return media.url.startsWith("data:") ? image : el("a", { href: media.url, target: "_blank", rel: "noopener" }, image);
}

/** The size stands before the film is there, and whatever its poster has, so that nothing jumps. */
function film({ url, alt, width, height, poster }) {
  const video = el("video", { controls: true, preload: "metadata", playsInline: true, aria: { label: alt } });
  if (width && height) {
    video.classList.add("sized");
    video.style.setProperty("--width", width);
    video.style.setProperty("--height", height);
  }
  if (poster) video.poster = poster;
  const bottom = atBottom();
  video.addEventListener("loadedmetadata", () => bottom && toBottom());
  video.src = url;
  return video;
}

function drawLines(box, card) {
  box.replaceChildren(...card.lines.map((line) => el("p", { dir: "auto" }, ...unbroken(line))));
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
  const focused = box.contains(document.activeElement) ? document.activeElement : null;
  box.replaceChildren(...card.buttons.flatMap((button) => drawButton(button, card)));
  if (!focused) return;
  const alike = [...box.children].filter(({ dataset }) => dataset.act === focused.dataset.act);
  const heir = alike.find(({ textContent }) => textContent === focused.textContent) ?? alike[0];
  (heir ?? box.closest("article")).focus({ preventScroll: true });
}

/** What a press does is in buttons.js. */
function drawButton({ act, jobs, label }, card) {
  const look = { className: "act", data: { act, jobs: jobs.join(" ") } };
  if (act !== "original") return [el("button", { ...look, type: "button" }, label)];
  if (card.media.length !== 1) return []; // several pictures carry their own links
  return [el("a", { ...look, href: card.media[0].download, download: "" }, label)];
}

const SEEN_MS = 400; // "Queued" stays this long, so that people see that they were heard
const held = new Map(); // message id → the newest card that waits for that

function hold(article, card) {
  const left = article.born + SEEN_MS - performance.now();
  if (quiet || left <= 0 || cards.get(article).state !== "queued" || card.state === "queued") {
    held.delete(card.message); // a timer that comes late must not bring back what is older
    return false;
  }
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
export function place(card) {
  let article = articles.get(card.message);
  if (article && hold(article, card)) return article;
  const bottom = atBottom() || performance.now() < follow;
  if (!article) {
    article = newArticle(card);
    article.born = performance.now();
    const younger = shown()
      .filter((id) => id > card.message)
      .sort()[0];
    log.insertBefore(article, articles.get(younger) ?? null);
    articles.set(card.message, article);
  }
  paint(article, card);
  empty();
  if (bottom) toBottom();
  return article;
}

export function remove(message) {
  const article = articles.get(message);
  if (!article) return;
  articles.delete(message);
  held.delete(message);
  if (article.contains(document.activeElement)) $("message").focus();
  article.remove();
  empty();
}

/** An answer lives in this tab only; a job's card that was asked for comes into view. */
export function answer(card) {
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

let ticking;

function untilText(seconds, percent) {
  if (seconds <= 0) return percent >= 70 ? "Almost there" : "";
  if (seconds < 90) return `ready in ${plural(seconds, "second")}`;
  return `ready in about ${Math.round(seconds / 60)} minutes`;
}

function tick() {
  const times = [...log.querySelectorAll(".bar time:not([hidden])")];
  const now = serverNow();
  for (const time of times) {
    const seconds = Math.round((Date.parse(time.dateTime) - now) / 1000);
    time.textContent = untilText(seconds, Number(time.dataset.percent));
  }
  if (times.length) ticking ??= setInterval(tick, 1000);
  else ticking = clearInterval(ticking);
}
