// What a press on a card's button does.

import { answer, cardOf, followSoon, paint } from "./cards.js";
import { compose } from "./composer.js";
import { fillIn } from "./dialog.js";
import { $, notice } from "./dom.js";
import { ask } from "./server.js";
import { point } from "./source.js";
import { live, load } from "./stream.js";

const LINES = { edit: "/edit ", animate: "/animate " }; // said with words, in the line
const ASKS = new Set(["effect", "rename"]); // said in a form
const APPENDED = new Set(["show"]); // answered below; other cards stand in place of the one that was pressed on

$("log").addEventListener("click", (event) => {
  const button = event.target.closest("button.act");
  if (button) pressed(button, button.closest("article"));
});

function pressed(button, article) {
  const { act } = button.dataset;
  const card = cardOf(article);
  const jobs = button.dataset.jobs.split(" ");
  notice();
  if (act in LINES) return begin(LINES[act], jobs[0], card);
  if (act === "words" && card.command?.startsWith("/imagine")) return compose(card.command);
  return once(button, () => (act === "words" || ASKS.has(act) ? fillIn(act, jobs[0]) : press(act, jobs, article)));
}

/** Point at the picture, and keep the words that already stand in the line. */
function begin(line, id, { title, tag, media }) {
  const words = $("message").value;
  point(id, tag ? `#${tag}` : title, media[0]?.poster ?? media[0]?.url);
  compose(words.startsWith(line) ? words : line + (words.startsWith("/") ? "" : words));
}

async function once(button, work) {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  await work().catch((error) => notice(error.message));
  button.ariaDisabled = null;
}

async function press(act, jobs, article) {
  if (act === "again" || act === "retry") followSoon();
  const outcomes = await Promise.allSettled(jobs.map((job) => ask(`/api/jobs/${job}/${act}`, null, "POST")));
  if (outcomes.every(({ status }) => status === "rejected")) throw outcomes[0].reason;
  const card = outcomes.map(({ value }) => value?.card).find(Boolean);
  if (card && APPENDED.has(act)) answer(card);
  else if (card) paint(article, card);
  else if (!live()) await load().catch(() => {});
}
