// What every view shares: asking the API, pieces of a page that come later, a case that changes, words for those who
// listen. Plain modules; nothing is loaded from elsewhere.

const AWAY = [{ where: "pactwork", found: "no answer", expected: "a running server", fix: "start pactwork serve again" }];

/** Ask the API; throws Refusal with the problems it tells. */
export async function ask(path, { method = "GET", body, signal } = {}) {
  const request = { method, signal, headers: { accept: "application/json" } };
  if (body !== undefined) {
    request.headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, AWAY);
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, told.problems || []);
  return told;
}

export class Refusal extends Error {
  constructor(status, problems) {
    super(problems.map((one) => `${one.where}: found ${one.found}; expected ${one.expected}. ${one.fix}`).join("\n") || `refused (${status})`);
    this.status = status;
    this.problems = problems;
  }
}

/** Make an element: make("p", {class: "x", onclick: f}, "text", child). Text is never read as HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Say something to those who listen. */
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

/** A list of problems, as an element; one line where the server is away. */
export function showProblems(problems) {
  if (problems === AWAY) return make("p", { class: "away", role: "alert" }, "The server does not answer: start pactwork serve again.");
  return make("ul", { class: "problems", role: "alert" }, ...problems.map((one) => make(
    "li", {}, make("code", {}, one.where),
    make("p", {}, "found ", make("b", {}, one.found), `; expected ${one.expected}`),
    make("p", { class: "fix" }, one.fix.charAt(0).toUpperCase() + one.fix.slice(1)),
  )));
}

/** Put the state of a view into its address, without a new entry in the history; null leaves a name out. */
export function keepInAddress(changes, { push = false } = {}) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href !== location.href) history[push ? "pushState" : "replaceState"](null, "", address);
  return address;
}

/** Call a function once it has been left alone for a while. */
export function settle(milliseconds, call) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => call(...given), milliseconds); };
}

/** Fetch a piece of the page and put it where it belongs; a newer call to the same place overtakes an older one. */
const under = new WeakMap();
export async function fill(place, path) {
  under.get(place)?.abort();
  const stop = new AbortController();
  under.set(place, stop);
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(path, { signal: stop.signal });
    if (!answer.ok) throw new Refusal(answer.status, (await answer.json().catch(() => ({}))).problems || []);
    place.innerHTML = await answer.text();  // from this server's own templates, which escape
  } catch (error) {
    if (error.name === "AbortError") return false;
    place.replaceChildren(showProblems(error.problems || AWAY));
    if (!error.problems) whenBack(() => fill(place, path));
  }
  place.removeAttribute("aria-busy");
  place.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  return true;
}

for (const place of document.querySelectorAll("[data-part]")) fill(place, place.dataset.part);

/** Call a function once the server answers again. */
export function whenBack(call) { addEventListener("serverback", call, { once: true }); }

// A case whose files have changed: the page is shown anew, unless somebody is writing in it or on the way elsewhere.
const shown = document.body.dataset.revision;
const LEAVING_MS = 15000;
let dirty = false, left = -Infinity;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) dirty = true; });
addEventListener("beforeunload", () => { left = performance.now(); });  // a reload now would call the visitor back

/** Go to another address of this page; what was written here has been taken over. */
export function leave(address) {
  dirty = false;
  left = performance.now();
  location.assign(address);
}

async function look() {
  if (!document.hidden) {
    try {
      const now = await ask("/api/case");
      dispatchEvent(new Event("serverback"));
      if (now.revision !== shown && performance.now() - left > LEAVING_MS) {
        if (!dirty) { location.reload(); return; }
        document.getElementById("changed").hidden = false;
      }
    } catch { /* the server is away; the next look tells */ }
  }
  setTimeout(look, 2500);
}
setTimeout(look, 2500);
