// The picture beside the line: brought by a file, a drop or a paste, or one of ours that was pointed at.

import { $, el, icon, notice } from "./dom.js";

const MOST_BYTES = 20_000_000;
const THUMB_PX = 240;
const box = $("source");
const input = $("message");
const ALONE = input.placeholder;
let source = null; // { file } or { id }, with its label; `thumb` is the canvas with a small picture of the file
let taken = false; // whether any command takes pictures

/** What goes with the next line: an object with a `file` or an `id`, null for nothing. */
export const current = () => source;

/** Pictures can be brought from now on. */
export function takePictures() {
  taken = true;
  $("attach").hidden = $("drop-hint").hidden = false;
}

/** Point at something of ours; `thumb` is the address of its picture, if it has one. */
export function point(id, label, thumb) {
  hold({ id, label }, thumb ? el("img", { src: thumb, alt: "" }) : icon("picture"));
}

export function letGo() {
  source = null;
  input.placeholder = ALONE;
  box.hidden = true;
  box.replaceChildren();
}

function hold(next, thumb) {
  source = next;
  const label = el("span", { dir: "auto" }, next.label);
  const gone = el("button", { type: "button", aria: { label: `Remove ${next.label}` } }, icon("remove"));
  gone.addEventListener("click", () => {
    letGo();
    input.focus();
  });
  box.replaceChildren(thumb, label, gone);
  box.hidden = false;
  input.placeholder = "/edit at night";
  $("spoken").textContent = `Attached: ${next.label}`;
}

function bring(files) {
  const refusal = whyNot(files);
  notice(refusal);
  input.focus();
  if (refusal) return;
  const [file] = files;
  const thumb = el("canvas", { width: THUMB_PX, height: THUMB_PX });
  hold({ file, label: file.name || "Your picture" }, thumb);
  const brought = source;
  draw(file, thumb).then(
    () => (brought.thumb = thumb),
    () => thumb.replaceWith(icon("picture")),
  );
}

function whyNot(files) {
  const [file] = files;
  if (!taken) return "Nothing here works on pictures yet. Describe what you want instead.";
  if (files.length > 1) return "I take one picture at a time.";
  if (!file.type.startsWith("image/")) return "That file isn't a picture. Use PNG, JPEG or WebP.";
  const megabytes = (Math.ceil(file.size / 100_000) / 10).toLocaleString();
  if (file.size > MOST_BYTES) return `That picture has ${megabytes} MB. I take at most ${MOST_BYTES / 1e6} MB.`;
  return "";
}

/** A square from the middle of the picture; what the browser cannot read the server may. */
async function draw(file, canvas) {
  const image = await createImageBitmap(file);
  const side = Math.min(image.width, image.height);
  const at = [(image.width - side) / 2, (image.height - side) / 2];
  canvas.getContext("2d").drawImage(image, ...at, side, side, 0, 0, THUMB_PX, THUMB_PX);
  image.close();
}

/* ---- Ways in ---------------------------------------------------------------------------------------- */

let own = false; // what is dragged is a picture of the page itself

const fromOutside = (event) => !own && event.dataTransfer.types.includes("Files");
const hover = (over) => document.body.classList.toggle("dropping", over);

$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", ({ target }) => {
  if (target.files.length) bring([...target.files]);
  target.value = ""; // the same file may be chosen again
});
document.addEventListener("dragstart", () => (own = true));
document.addEventListener("dragend", () => (own = false));
document.addEventListener("dragover", (event) => {
  if (!fromOutside(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  hover(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? hover(false));
document.addEventListener("drop", (event) => {
  if (!fromOutside(event)) return;
  event.preventDefault(); // else the browser would open the file in place of the page
  hover(false);
  bring([...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData;
  if (!files.length || types.includes("text/plain")) return; // words that were copied may bring a picture of themselves
  event.preventDefault();
  bring([...files]);
});
