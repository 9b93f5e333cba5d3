// Suggestions: commands after "/", options after "--", and what an option or a command may name.

import { compose } from "./composer.js";
import { $, el, plural } from "./dom.js";
import { ask } from "./server.js";

const ASKED = new Set(["model", "style", "character", "effect", "result"]); // what the server completes
const NAMED = {
  ...Object.fromEntries(["again", "show", "details", "cancel"].map((name) => [name, "job"])),
  ...Object.fromEntries(["show", "use", "rename", "delete"].map((name) => [`character ${name}`, "character"])),
  effect: "effect",
}; // what the words of a command name
const input = $("message");
const menu = $("menu");
let commands = [];
let offers = []; // what is suggested: { label, hint, text } where text is the whole input once taken
let chosen = -1;

/** Every command that can be offered. */
export const offer = (all) => (commands = all);

/** Offer what may follow what is typed. */
export async function suggest() {
  const typed = input.value;
  const text = input.selectionEnd === typed.length ? typed.replace(/(^|\s)[—–]/g, "$1--") : "";
  const names = namesFor(text);
  if (names.length) return show(names, names[0].label === text ? -1 : 0);
  const command = commandOf(text);
  if (!command) return show([]);
  const { known, wanted } = afterCommand(command, text);
  show(known);
  if (!wanted) return;
  const found = await completions(command.name, wanted).catch(() => []);
  if (input.value === typed && document.activeElement === input) show(found);
}

function namesFor(text) {
  const fitting = commands.filter(({ name }) => text && `/${name}`.startsWith(text.toLowerCase()));
  return fitting.map(({ name, summary, cost }) => {
    const label = `/${name}`;
    const hint = summary.replace(label, "").trim();
    return { label, hint: cost ? `${hint} · ${cost}` : hint, text: `${label} ` };
  });
}

/** The command that a line begins with; "character new" is one. */
const commandOf = (text) => commands.find(({ name }) => text.toLowerCase().startsWith(`/${name} `));

/** What is known to fit at the end of the line, and what the server has to be asked for. */
function afterCommand({ name, options }, text) {
  const words = text.slice(name.length + 2).split(/\s+/);
  const last = words.at(-1);
  const rest = text.slice(0, text.length - last.length);
  const whole = (value) => `${rest}${quoted(value)} `;
  const starting = (label) => label.toLowerCase().startsWith(last.toLowerCase());
  const option = options.find(({ flag }) => flag === words.at(-2));
  if (option?.choices.length) {
    const choices = option.choices.includes(last) ? [] : option.choices.filter(starting);
    return { known: choices.map((choice) => ({ label: choice, hint: "", text: whole(choice) })) };
  }
  const asked = option?.flag.slice(2);
  if (ASKED.has(asked)) return { known: [], wanted: { option: asked, typed: last, whole } };
  if (words.length === 1 && NAMED[name] && !last.startsWith("-"))
    return { known: [], wanted: { option: NAMED[name], typed: last, whole: (value) => `${rest}${value} ` } };
  if (!last.startsWith("-") && (last || words.length > 1)) return { known: [] };
  const unused = options.filter(({ flag }) => starting(flag) && !words.includes(flag));
  return { known: unused.map(({ flag, hint, choices }) => ({ label: flag, hint: hint || choices.join(", "), text: whole(flag) })) };
}

async function completions(command, { option, typed, whole }) {
  const { suggestions } = await ask(`/api/suggest?${new URLSearchParams({ command, option, typed })}`);
  const open = suggestions.filter(({ value }) => value !== typed);
  return open.map(({ label, value }) => ({ label, hint: "", text: whole(value) }));
}

const quoted = (value) => (/[\s"'“”„]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value);

/** Draw the list; `mark` is the offer that Enter takes, -1 for none. */
function show(list, mark = -1) {
  offers = list;
  choose(mark);
}

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

export const closeMenu = () => show([]);

/** Keys that the open list takes for itself; true when it did. */
export function menuKey(event) {
  if (menu.hidden) return false;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose((Math.max(chosen, step > 0 ? -1 : 0) + step + offers.length) % offers.length);
  else if (event.key === "Escape") closeMenu();
  else if (event.key === "Tab" && !event.shiftKey) take(Math.max(chosen, 0));
  else if (event.key === "Enter" && !event.shiftKey && chosen >= 0) take(chosen);
  else return false;
  return true;
}
