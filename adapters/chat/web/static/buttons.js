// What a press on a card's button does.

import { answer, cardOf, followSoon, paint } from "./cards.js";
import { compose } from "./composer.js";
import { fillIn } from "./dialog.js";
import { $, notice } from "./dom.js";
import { ask } from "./server.js";
import { point } from "./source.js";
import { live, load } from "./stream.js";

const LINES = { edit: "/edit ", animate: "/animate " }; // said with words, in the line
const ASKS = new Set(["words", "effect", "rename"]); // said in a form
const APPENDED = new Set(["show", "pick"]); // whose answer leaves the card as it was

$("log").addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) pressed(button, button.closest("article"));
});

function pressed(button, article) {
  const { act } = button.dataset;
  const card = cardOf(article);
  const jobs = button.dataset.jobs.split(" ");
  notice();
  if (act in LINES) begin(LINES[act], jobs[0], card);
  else if (act === "words" && card.command?.startsWith("/imagine")) compose(card.command);
  else if (ASKS.has(act)) once(button, () => fillIn(act, jobs[0], (outcome) => put(outcome, act, article)));
  else once(button, () => press(act, jobs, article));
}

/** Point at the picture, and keep the words that already stand in the line. */
function begin(line, id, { message, title, tag, prompt, media }) {
  const words = $("message").value;
  const label = message && title === prompt ? `#${tag}` : message ? title : (media[0]?.alt ?? title);
  point(id, label, media[0]?.poster ?? media[0]?.url);
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
  await put({ card: outcomes.map(({ value }) => value?.card).find(Boolean) }, act, article);
}

/** Show what came of it. An answer takes the place of the answer that was pressed on, a job's card stays. */
async function put({ card }, act, article) {
  if (!card) return live() || load().catch(() => {});
  if (APPENDED.has(act) || article.dataset.message) answer(card);
  else paint(article, card);
}
