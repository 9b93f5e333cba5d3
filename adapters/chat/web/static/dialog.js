// A small form over the page: what has to be known before something is done.

import { followSoon } from "./cards.js";
import { $, el, notice, randomKey } from "./dom.js";
import { ask, formOf } from "./server.js";

const dialog = $("dialog");
const form = $("dialog-form");
let asked = {}; // the address that the open form is sent to, its key, and what is done with the outcome

/** Ask for what an act needs; `then` gets the outcome. Throws an error with a sentence for people. */
export async function fillIn(act, id, then) {
  const path = `/api/forms/${act}/${id}`;
  const wanted = await ask(path);
  asked = { path, key: randomKey(), then };
  $("dialog-title").textContent = wanted.title;
  const words = wanted.choices.length ? choiceField(wanted) : wordsField(wanted);
  $("dialog-fields").replaceChildren(words, ...wanted.options.map(optionField));
  notice("", $("dialog-notice"));
  dialog.showModal();
  $("dialog-fields").querySelector("input, textarea, select").focus();
}

function labelled(text, field, hint = "") {
  return el("label", { className: "field" }, el("span", {}, text), field, el("small", {}, hint));
}

function wordsField({ act, label, words }) {
  const long = act === "words";
  const field = el(long ? "textarea" : "input", { name: "words", value: words, autocomplete: "off" });
  return labelled(label, field);
}

function choiceField({ label, words, choices }) {
  const radios = choices.map((choice) => {
    const radio = el("input", { type: "radio", name: "words", value: choice.value, required: true });
    radio.checked = choice.value === words;
    return el("label", {}, radio, choice.label);
  });
  return el("fieldset", { className: "choices" }, el("legend", {}, label), ...radios);
}

function optionField({ flag, hint, choices }) {
  const name = flag.slice(2).replaceAll("-", " ");
  const title = name[0].toUpperCase() + name.slice(1);
  if (!choices.length) return labelled(title, el("input", { name: flag, autocomplete: "off" }), hint);
  const options = ["", ...choices].map((choice) => el("option", { value: choice }, choice || "as usual"));
  return labelled(title, el("select", { name: flag }, ...options), hint);
}

async function send() {
  const given = [...new FormData(form)].filter(([name, value]) => name === "words" || value.trim());
  try {
    followSoon();
    const outcome = await ask(asked.path, formOf({ ...Object.fromEntries(given), key: asked.key }));
    dialog.close();
    await asked.then(outcome);
  } catch (error) {
    notice(error.message, $("dialog-notice"));
  }
}

let sending = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  await send();
  sending = false;
});
$("dialog-cancel").addEventListener("click", () => dialog.close());
