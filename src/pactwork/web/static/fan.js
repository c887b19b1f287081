// A fan chart as SVG: record, forecast, plan, and what came after. Colours are classes of the style sheet.
import { make } from "./app.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const W = 380, H = 210, LEFT = 8, RIGHT = 12, TOP = 22, BOTTOM = 20;

function draw(name, attributes = {}, text = "") {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}
const day = (text) => Date.parse(`${text}T00:00:00Z`);
const spell = new Intl.NumberFormat("en");
export const spellDay = (text) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(day(text)));

/** Draw one lot of /api/deliveries; `whole` is the answer it stands in. */
export function drawFan(lot, whole) {
  const start = day(whole.start), end = day(whole.end);
  const x = (at) => LEFT + (Math.min(Math.max(at, start), end) - start) / (end - start) * (W - LEFT - RIGHT);
  const y = (items) => H - BOTTOM - items / (lot.ordered * 1.04) * (H - TOP - BOTTOM);
  const svg = draw("svg", { class: "fan", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": describe(lot, whole) });
  const shown = draw("g", { "aria-hidden": "true" });
  svg.append(shown);
  const put = (name, attributes, text) => shown.append(draw(name, attributes, text));
  const path = (points) => points.map(([at, items], index) => `${index ? "L" : "M"}${x(at).toFixed(1)} ${y(items).toFixed(1)}`).join("");

  const first = new Date(start).getUTCFullYear(), last = new Date(end).getUTCFullYear();
  const every = last - first > 16 ? 5 : last - first > 8 ? 2 : 1;
  for (let year = first; year <= last; year += every) {
    const at = x(Date.UTC(year, 0, 1));
    put("path", { class: "grid", d: `M${at} ${H - BOTTOM}v4` });
    if (at < W - 24) put("text", { class: "tick", x: at + 2, y: H - 5 }, String(year));
  }
  put("path", { class: "axis", d: `M${LEFT} ${H - BOTTOM}H${W - RIGHT}` });
  put("path", { class: "order", d: `M${LEFT} ${y(lot.ordered)}H${W - RIGHT}` });
  put("text", { class: "label", x: LEFT, y: y(lot.ordered) - 7 }, `${spell.format(lot.ordered)} ${lot.signed ? "ordered" : "foreseen"}`);
  const now = x(day(whole.day));
  put("path", { class: "now", d: `M${now} ${TOP - 6}V${H - BOTTOM}` });

  const within = lot.bands.filter((band) => day(band.day) <= end);
  if (within.length > 1) {
    for (const [name, low, high] of [["fan90", "q05", "q95"], ["fan50", "q25", "q75"]]) {
      const up = within.map((band) => [day(band.day), band[high]]), down = within.map((band) => [day(band.day), band[low]]).reverse();
      put("path", { class: name, d: `${path([...up, ...down])}Z` });
    }
    put("path", { class: "median", d: path(within.map((band) => [day(band.day), band.q50])) });
  }
  if (lot.plan.length) {
    put("path", { class: "plan", d: path(lot.plan.map((one) => [day(one.day), one.items])) });
    const due = lot.plan[lot.plan.length - 1], at = x(day(due.day));
    put("path", { class: "due", d: `M${at} ${y(due.items) - 5}v10` });
  }
  if (lot.steps.length) {
    let line = `M${x(day(lot.steps[0].day)).toFixed(1)} ${y(0)}`;
    for (const one of lot.steps) line += `H${x(day(one.day)).toFixed(1)}V${y(one.items).toFixed(1)}`;
    put("path", { class: "record", d: `${line}H${now.toFixed(1)}` });
  }
  for (const one of lot.later) put("circle", { class: "later", cx: x(day(one.day)), cy: y(one.items), r: 3 });
  if (lot.delivered > 0 && lot.delivered < lot.ordered) put("text", { class: "count", x: now - 5, y: y(lot.delivered) - 6, "text-anchor": "end" }, spell.format(lot.delivered));
  follow(svg, shown, within, { x, y, start, end });
  return svg;
}

/** Under the pointer: what the forecast says for that day. */
function follow(svg, shown, bands, { x, y, start, end }) {
  if (bands.length < 2) return;
  const line = draw("path", { class: "probe", d: "" }), words = draw("text", { class: "probe-words", y: 12 });
  shown.append(line, words);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const at = start + ((event.clientX - box.left) / box.width * W - LEFT) / (W - LEFT - RIGHT) * (end - start);
    const near = bands.reduce((best, band) => Math.abs(day(band.day) - at) < Math.abs(day(best.day) - at) ? band : best);
    const place = x(day(near.day));
    line.setAttribute("d", `M${place} ${y(near.q05)}V${y(near.q95)}`);
    words.textContent = `${spellDay(near.day)}: ${spell.format(near.q50)} (${spell.format(near.q05)}–${spell.format(near.q95)})`;
    words.setAttribute("x", place > W / 2 ? place - 4 : place + 4);
    words.setAttribute("text-anchor", place > W / 2 ? "end" : "start");
  });
  svg.addEventListener("pointerleave", () => { line.setAttribute("d", ""); words.textContent = ""; });
}

function describe(lot, whole) {
  const ends = lot.bands.filter((band) => band.day.endsWith("12-31")).slice(0, 5)
    .map((band) => `by the end of ${band.day.slice(0, 4)} ${spell.format(band.q50)}, ${spell.format(band.q05)} to ${spell.format(band.q95)}`);
  return `${lot.name}: ${spell.format(lot.delivered)} of ${spell.format(lot.ordered)} by ${whole.spelt}. ${ends.length ? `Forecast: ${ends.join("; ")}.` : ""}`;
}

/** The forecast by year as a table, for those who read rather than look. */
export function tableOf(lot) {
  const ends = lot.bands.filter((band) => band.day.endsWith("12-31"));
  if (!ends.length) return null;
  const row = (band) => make("tr", {}, make("th", { scope: "row" }, band.day.slice(0, 4)), ...["q05", "q25", "q50", "q75", "q95"].map((name) => make("td", { class: "n" }, spell.format(band[name]))));
  return make("table", { class: "small" }, make("caption", {}, "By the end of each year, with that chance at most"),
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Year"), ...["5 %", "25 %", "50 %", "75 %", "95 %"].map((name) => make("th", { scope: "col", class: "n" }, name)))),
    make("tbody", {}, ...ends.map(row)));
}
