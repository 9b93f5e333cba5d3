// Asking the server, and what its clock says.

const token = document.querySelector("meta[name=csrf-token]").content;
let skew = 0; // milliseconds that the server's clock is ahead of this one

export const serverNow = () => Date.now() + skew;

function readClock(date) {
  const ahead = Date.parse(date) + 500 - Date.now();
  skew = Math.abs(ahead) < 2000 ? 0 : ahead || 0;
}

/** Ask the server; throws an error with a sentence for people. */
export async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  let response;
  try {
    response = await fetch(path, { method, body, headers: method === "POST" ? { "X-CSRF-Token": token } : {} });
  } catch {
    throw new Error("I can't reach Limner. Nothing is lost; try again in a moment.");
  }
  if (response.status === 401) location.assign("/login");
  const found = await response.json().catch(() => null);
  if (!response.ok || !found) throw new Error(found?.error.message ?? "That answer made no sense. Try again.");
  readClock(response.headers.get("Date"));
  return found;
}

/** A form to send, of what is there. */
export function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value != null) form.append(name, value);
  return form;
}
