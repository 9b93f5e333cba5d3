// The stream of cards: open while the tab is seen, so that many tabs do not use up the connections.

import { place, remove, shown } from "./cards.js";
import { credits } from "./credits.js";
import { $ } from "./dom.js";
import { ask } from "./server.js";

const LOADED = 50; // cards that the server gives at most

let stream;
let lost; // the timer that will say so
let loading;
const heard = new Set(); // messages that the stream brought while the last cards were on their way

export const live = () => stream?.readyState === EventSource.OPEN;

export function connect() {
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

/** The tab is shown or hidden. */
export function seen() {
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
  for (const id of shown()) if (id >= oldest && !listed.has(id)) remove(id);
  for (const card of latest) if (!heard.has(card.message)) place(card);
}

export const load = () => (loading ??= fetchCards().finally(() => (loading = undefined)));
