// Elements, words and what the browser keeps. Every text is set as text, never as markup.

export const $ = (id) => document.getElementById(id);
export const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
export const randomKey = () => crypto.getRandomValues(new Uint32Array(4)).join("-");

/** An element with properties and children; a string child becomes a text node. */
export function el(tag, properties = {}, ...children) {
  const { data = {}, aria = {}, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(aria)) node.setAttribute(`aria-${name}`, value);
  node.append(...children);
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = svg.appendChild(document.createElementNS(svg.namespaceURI, "use"));
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

/** Text whose options stay on one line: browsers would break "--" off. */
export function unbroken(text) {
  const parts = text.split(/(?<!\S)(--[a-z][a-z-]*)/); // every second one is an option
  return parts.map((part, n) => (n % 2 ? el("span", { className: "flag" }, part) : part));
}

/** Say under a line of input why nothing came of it; without a text: take it back. */
export function notice(text, box = $("notice")) {
  const note = text ? [el("div", { className: "notice" }, icon("failed"), el("span", {}, ...unbroken(text)))] : [];
  box.replaceChildren(...note);
}

/** Read a stored value or write one; a browser that keeps nothing, or kept nonsense, is no reason to fail. */
export function stored(storage, key, value) {
  try {
    if (value === undefined) return JSON.parse(window[storage].getItem(key));
    window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // the page works without
  }
  return null;
}
