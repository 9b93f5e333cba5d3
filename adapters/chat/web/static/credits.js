// What is left of the day's credits.

import { $, plural } from "./dom.js";
import { ask, serverNow } from "./server.js";

let nextDay;
let due;

export function creditsSoon() {
  due ??= setTimeout(credits, 150);
}

export async function credits() {
  due = clearTimeout(due);
  const purse = await ask("/api/me").catch(() => null);
  if (!purse) return;
  const wait = purse.resets_at * 1000 - serverNow();
  const hours = Math.ceil(wait / 3_600_000);
  const some = `${plural(purse.left, "credit")} left today`;
  $("credits").textContent = purse.left > 0 ? some : `No credits left, back in ${plural(hours, "hour")}`;
  clearTimeout(nextDay);
  nextDay = setTimeout(credits, Math.max(60_000, wait + 1000));
}
