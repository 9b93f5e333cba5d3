// The line that people type into: sent with the picture beside it, recalled, kept over a reload.

import { answer, followSoon } from "./cards.js";
import { $, notice, randomKey, stored } from "./dom.js";
import { ask, formOf } from "./server.js";
import { current, letGo } from "./source.js";
import { live, load } from "./stream.js";

const HISTORY = "limner.history";
const DRAFT = "limner.draft";
const input = $("message");
let sending = false;
let attempt = {}; // what was sent and its key: the same again after a failure is the same command
let at = null; // where in the history the input stands
let draft = "";

export function compose(text) {
  input.value = text;
  at = null;
  input.focus();
  input.setSelectionRange(text.length, text.length);
  kept();
}

/** Go on with what was being written before the page was loaded. */
export const goOn = () => compose(input.value || stored("sessionStorage", DRAFT) || "");

/** Somebody has typed. */
export function edited() {
  at = null;
  kept();
}

function kept() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
  stored("sessionStorage", DRAFT, input.value);
}

const past = () => stored("localStorage", HISTORY) ?? [];

function remember(text) {
  if (text) stored("localStorage", HISTORY, [...past().filter((line) => line !== text), text].slice(-100));
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

/** Keys of the history: in one line of text anywhere, in several only while they are recalled ones. */
export function historyKey(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const oneLine = input.scrollHeight < 2 * parseFloat(getComputedStyle(input).lineHeight);
  if (!step || event.shiftKey || !(oneLine || at !== null) || (step > 0 && at === null)) return false;
  recall(step);
  return true;
}

/** Send the line and its picture; a picture alone is answered with what can be done with it. */
export async function send() {
  const text = input.value.trim();
  const source = current();
  if (sending || !(text || source?.file)) return;
  busy(true);
  notice();
  if (attempt.text !== text || attempt.source !== source) attempt = { text, source, key: randomKey() };
  followSoon();
  try {
    const form = formOf({ text, key: attempt.key, source: source?.id, "files[]": source?.file });
    done(await ask("/api/messages", form), attempt);
  } catch (error) {
    notice(error.message);
  }
  busy(false);
}

function busy(is) {
  sending = is;
  $("composer").querySelector(".send").ariaDisabled = is ? "true" : null;
}

function done({ card }, { text, source }) {
  attempt = {};
  remember(text);
  if (input.value.trim() === text) compose("");
  if (current() === source) letGo();
  if (card) answer(text ? card : withPicture(card, source));
  else if (!live()) load().catch(() => {});
}

/** The answer to a picture that came alone, with the picture. */
function withPicture(card, { label, thumb }) {
  const url = thumb?.toDataURL("image/jpeg", 0.85);
  return url ? { ...card, portrait: true, media: [{ url, type: "image/jpeg", alt: label }] } : card;
}
