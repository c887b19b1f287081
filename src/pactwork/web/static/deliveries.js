// Deliveries: a slider through time; what was known on each day is asked once and kept.
import { ask, keepInAddress, make, say, showProblems, whenBack } from "./app.js";
import { drawFan, tableOf } from "./fan.js";

const slider = document.getElementById("day");
const days = slider.dataset.days.split(" ");
const spelt = document.getElementById("spelt");
const system = document.getElementById("system");
const place = document.getElementById("lots");
const play = document.getElementById("play");
const kept = new Map();
const open = new Set();
let shown = "", timer = 0;

const words = (text) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

function get(day) {
  if (!kept.has(day)) {
    const asked = ask(`/api/deliveries?day=${day}`);
    asked.catch(() => kept.delete(day));
    kept.set(day, asked);
  }
  return kept.get(day);
}

function panel(lot, whole) {
  const sources = lot.origins.slice(0, 4).map((one) => make("a", { class: one.judgement ? "src judged" : "src", href: `/evidence?row=${encodeURIComponent(one.row)}`, title: one.tip, "aria-label": `source, grade ${one.grade}` }, one.grade));
  const more = make("details", { ...(open.has(lot.lot_id) ? { open: true } : {}) }, make("summary", {}, "Why, and by year"));
  more.addEventListener("toggle", () => { if (more.open) open.add(lot.lot_id); else open.delete(lot.lot_id); });
  if (lot.reasons.length) more.append(make("ul", { class: "plain" }, ...lot.reasons.map((one) => make("li", {}, one))));
  const table = tableOf(lot);
  if (table) more.append(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `${lot.name} by year` }, table));
  return make("figure", { "data-lot": lot.lot_id }, make("h2", { class: "panel-title" }, make("bdi", {}, lot.name), lot.signed ? null : make("span", { class: "chip recommended" }, "not signed")),
    make("p", { class: "aside order-name" }, make("bdi", {}, lot.order)),
    drawFan(lot, whole), make("figcaption", {}, lot.said, " ", ...sources, lot.reasons.length || table ? more : null));
}

async function show({ announce = false } = {}) {
  const day = days[Number(slider.value)];
  shown = day;
  spelt.textContent = words(day);
  slider.setAttribute("aria-valuetext", words(day));
  keepInAddress({ day: day === days[days.length - 1] ? "" : day, system: system.value });
  place.setAttribute("aria-busy", "true");
  let whole;
  try { whole = await get(day); } catch (error) {
    if (shown !== day) return;
    place.replaceChildren(showProblems(error.problems || []));
    place.removeAttribute("aria-busy");
    if (error.status === 0) whenBack(() => show());
    return;
  }
  if (shown !== day) return;
  const lots = whole.lots.filter((lot) => !system.value || lot.system_id === system.value);
  place.replaceChildren(...(lots.length ? lots.map((lot) => panel(lot, whole)) : [make("p", {}, "Nothing was ordered yet, as far as was known then.")]));
  place.removeAttribute("aria-busy");
  place.dataset.day = day;
  document.getElementById("learnt").textContent = whole.learnt;
  if (announce) say(`${words(day)}: ${lots.filter((lot) => lot.signed).map((lot) => `${lot.name} ${lot.delivered} of ${lot.ordered}`).join("; ")}`);
  ahead();
}

// What lies beside the day is worked out while nobody waits.
function ahead() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    for (const step of [-1, 1]) {
      const near = days[Number(slider.value) + step];
      if (near && !kept.has(near)) { try { await get(near); } catch { /* told when it is looked at */ } }
    }
  }, 250);
}

function move(by) {
  slider.value = String(Math.min(days.length - 1, Math.max(0, Number(slider.value) + by)));
  return show({ announce: true });
}
slider.addEventListener("input", () => show());
slider.addEventListener("change", () => show({ announce: true }));
system.addEventListener("change", () => show());
document.getElementById("back").addEventListener("click", () => move(-1));
document.getElementById("ahead").addEventListener("click", () => move(1));
play.addEventListener("click", async () => {
  const on = play.getAttribute("aria-pressed") !== "true";
  play.setAttribute("aria-pressed", String(on));
  play.textContent = on ? "Pause" : "Play";
  if (on && Number(slider.value) === days.length - 1) slider.value = "0";
  while (play.getAttribute("aria-pressed") === "true") {
    await show();
    await new Promise((done) => setTimeout(done, 450));
    if (Number(slider.value) === days.length - 1) { play.setAttribute("aria-pressed", "false"); play.textContent = "Play"; break; }
    if (play.getAttribute("aria-pressed") === "true") slider.value = String(Number(slider.value) + 1);
  }
});
addEventListener("popstate", () => location.reload());
show();
