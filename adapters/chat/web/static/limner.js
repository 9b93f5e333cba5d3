// Limner's page: cards come in over one stream, commands go out.

import "./buttons.js";
import { filled } from "./cards.js";
import { edited, compose, goOn, historyKey, send } from "./composer.js";
import { credits } from "./credits.js";
import { $ } from "./dom.js";
import { closeMenu, menuKey, offer, suggest } from "./offers.js";
import { ask } from "./server.js";
import { takePictures } from "./source.js";
import { connect, load, seen } from "./stream.js";

const input = $("message");

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
  edited();
  suggest();
});
input.addEventListener("blur", closeMenu);
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  closeMenu();
  send();
});
$("empty").addEventListener("click", (event) => {
  if (event.target.matches("button")) compose(`/imagine ${event.target.textContent}`);
});
document.addEventListener("visibilitychange", seen);

function begin({ commands }) {
  offer(commands);
  if (commands.some(({ sources }) => sources.includes("picture"))) takePictures();
}

goOn();
connect();
await Promise.allSettled([ask("/api/menu").then(begin), credits(), load()]);
filled();
