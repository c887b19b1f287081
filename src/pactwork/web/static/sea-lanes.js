// Sea lanes: passages closed on the map or in a list; ways, days, and what comes later.
import { ask as request, keepInAddress, make, say, showProblems, whenBack } from "./app.js";
import { spellFigure, spellGap } from "./answer.js";
import { draw, spell, table } from "./fans.js";
import { Player, asAssumed } from "./player.js";

const at = (id) => document.getElementById(id);
const playable = Boolean(at("lanes").dataset.playable);
const names = (text) => new Set((text || "").split(",").map((one) => one.trim()).filter(Boolean));
const query = new URLSearchParams(at("lanes").dataset.used);
const closed = names(query.get("closed")), also = names(query.get("also"));
const NARROW = matchMedia("(max-width: 44rem)");
const MOST_CLOSED = 8;
let world = null, lanes = null;

const player = new Player({
  waiting(told) { at("later-stamp").textContent = `Getting ready: ${told.stage}${told.total > 1 ? `, ${told.done} of ${told.total}` : ""}`; },
  answered(told, size) { showLater(told, size); },
  failed(error) {
    at("later-stamp").textContent = "Not played";
    at("later").replaceChildren(showProblems(error.problems || []));
    if (error.status === 0) whenBack(playLater);
  },
}, [200, 800, 3200]);

const title = (name) => world.passages.find((one) => one.name === name)?.title || name;
const list = (all) => (all.length ? all.map(title).join(", ") : "none");

async function show(changed = "") {
  keepInAddress({ closed: [...closed].sort().join(","), also: [...also].sort().join(",") });
  try {
    const found = await request(`/api/sea-lanes?closed=${encodeURIComponent([...closed].join(","))}&also=${encodeURIComponent([...also].join(","))}`);
    lanes = found;
    at("lanes-trouble").replaceChildren();
  } catch (error) {
    at("lanes-trouble").replaceChildren(showProblems(error.problems || []));
    if (error.status === 0) whenBack(() => show(changed));
    return;
  }
  showMap();
  showList(changed);
  showWays();
  playLater();
  if (changed) say(`${title(changed)} ${closed.has(changed) ? "closed" : "open"}. ${spoken()}`);
}

const spoken = () => lanes.routes.map((one) => `${one.origin} to ${one.destination}: ${one.now ? `${Math.round(one.now.days)} days by ${list(one.now.passages)}` : "no way is left"}`).join("; ");

function toggle(name) {
  if (closed.has(name)) closed.delete(name);
  else if (closed.size >= MOST_CLOSED) { say(`At most ${MOST_CLOSED} at a time`); return; } else closed.add(name);
  show(name);
}

// --- the map ------------------------------------------------------------------------------------------------------

function showMap() {
  const box = NARROW.matches ? "268 56 500 340" : `0 0 ${world.width} ${world.height}`;
  const chart = draw("svg", { viewBox: box, role: "group", "aria-label": `Map. ${spoken()}` });
  chart.append(draw("path", { class: "land", d: world.land }));
  lanes.routes.forEach((one, index) => {
    if (one.before && one.before.path !== one.now?.path) chart.append(draw("path", { class: "before", d: one.before.path }));
    if (one.now) chart.append(draw("path", { class: index ? "way other" : "way", d: one.now.path }));
  });
  for (const port of lanes.ports) chart.append(draw("circle", { class: "port", cx: port.x, cy: port.y, r: 3.5 }));
  const [first, ...others] = lanes.ports;
  if (first) label(chart, first, lanes.ports.filter((one) => one.role === first.role));
  const rest = others.filter((one) => one.role !== first.role);
  if (rest.length) label(chart, rest[0], rest);
  for (const one of world.passages) chart.append(gate(one));
  at("map").replaceChildren(chart);
  at("map-legend").textContent = `Line: the shortest way that is left${lanes.routes.length > 1 ? " (one line for each pair of ports; they may lie on each other)" : ""}; dotted: the way with nothing closed. A filled mark with a cross is a closed passage. ${world.source}; ways: searoute's network.`;
}

function label(chart, port, all) {
  const words = all.map((one) => one.name).join(", "), east = port.x > 600;
  chart.append(draw("text", { class: "port-name", x: port.x + (east ? 7 : 7), y: port.y - 7, "text-anchor": "start" }, words));
}

function gate(one) {
  const shut = closed.has(one.name), state = lanes.passages.find((other) => other.name === one.name) || {};
  const words = `${one.title}: ${shut ? "closed" : "open"}`;
  const mark = draw("g", { class: shut ? "gate shut" : "gate", transform: `translate(${one.x} ${one.y})`, "data-gate": one.name, "aria-hidden": "true" },
    draw("title", {}, `${words}. Click to ${shut ? "open" : "close"} it`), draw("circle", { r: state.taken || state.usual || shut ? 6 : 3.6 }),
    draw("path", { class: "cross", d: "M-3-3L3 3M-3 3L3-3" }), draw("circle", { class: "halo", r: 13 }));
  mark.addEventListener("click", () => toggle(one.name));
  return mark;
}

// --- the list -----------------------------------------------------------------------------------------------------

function showList(changed) {
  const order = (one) => (one.closed ? 0 : one.usual || one.taken ? 1 : 2);
  const known = new Map(world.passages.map((one) => [one.name, one]));
  const sorted = lanes.passages.filter((one) => known.has(one.name)).sort((one, other) => (order(one) === 2) - (order(other) === 2) || known.get(one.name).title.localeCompare(known.get(other.name).title));
  const focused = document.activeElement?.dataset?.passage || changed;
  const entry = (one) => {
    const state = one.closed ? "closed" : one.taken ? "on the way" : one.usual ? "left out now" : one.optional && !also.has(one.name) ? "taken in some futures" : "not on the way";
    return make("li", {}, make("button", { type: "button", "aria-pressed": String(one.closed), "data-passage": one.name, onclick: () => toggle(one.name) }, make("span", {}, known.get(one.name).title), make("span", { class: "state" }, state)));
  };
  const aside = sorted.filter((one) => order(one) === 2);
  const others = make("details", { id: "others", open: at("others")?.open }, make("summary", {}, `Not on the way (${aside.length})`), make("ul", { class: "passages" }, ...aside.map(entry)));
  at("passages").replaceChildren(...sorted.filter((one) => order(one) < 2).map(entry), make("li", {}, others));
  if (focused) document.querySelector(`[data-passage="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  at("open-all").disabled = !closed.size;
  showAlso();
}

function showAlso() {
  const some = lanes.passages.filter((one) => one.optional);
  if (at("also-place").children.length === some.length) return;
  at("also-place").replaceChildren(...some.map((one) => make("label", {}, make("input", { type: "checkbox", checked: also.has(one.name), onchange: (event) => { if (event.target.checked) also.add(one.name); else also.delete(one.name); show(); } }), ` ways may take the ${title(one.name)}`)));
}
at("open-all").addEventListener("click", () => { closed.clear(); show(); say("All open"); at("passages").querySelector("button")?.focus(); });

// --- ways and what comes later --------------------------------------------------------------------------------------

const DAYS_A_MONTH = 365.25 / 12;
const inDays = (gap) => (gap.mean === null ? gap : { ...gap, mean: gap.mean * DAYS_A_MONTH, error: gap.error === null ? null : gap.error * DAYS_A_MONTH });
const days = (way) => (way ? `${Math.round(way.days)} (${Math.round(way.days_low)} to ${Math.round(way.days_high)})` : "–");
function showWays() {
  const rows = lanes.routes.map((one) => [
    `${one.origin} – ${one.destination}`, one.lots.map((lot) => lot.name).join(", ") || "–",
    one.before ? spell(one.before.km, 5) : "–", days(one.before), one.now ? spell(one.now.km, 5) : "no way is left", days(one.now),
    one.now && one.before ? (one.now.km === one.before.km ? "none" : `+${spell(one.now.days - one.before.days, 2)}`) : "–", one.now ? list(one.now.passages) : "–",
  ]);
  const air = lanes.by_air.length ? [make("p", { class: "note" }, `By air, whatever is closed: ${lanes.by_air.map((one) => one.name).join(", ")}.`)] : [];
  at("ways").replaceChildren(make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of ways and days" }, table(["Ports", "Open lots", "Km, all open", "Days, all open", "Km now", "Days now", "More days", "By"], rows, "Ways and days", "figures ways stack")),
    make("p", { class: "note" }, "Days from port to port at the middle of the speed and of the days in port that the case assumes, in brackets nine tenths of what it assumes of each."), ...air);
}

function playLater() {
  if (!playable) return;
  if (!closed.size) { player.stop(); at("later").replaceChildren(); at("later-stamp").textContent = "Close a passage to see it."; at("later").removeAttribute("data-runs"); return; }
  at("later-stamp").textContent = "Playing…";
  at("later").removeAttribute("data-runs");
  player.play({ ...asAssumed(), closed: [...closed] }, asAssumed());
}

function showLater({ answer, pinned, difference }, size) {
  const before = new Map(pinned.figures.map((one) => [one.key, one]));
  const some = answer.figures.filter((one) => one.group === "deliveries" && difference.figures[one.key]);
  const rows = some.map((one) => [one.label.replace(": all there", ""), spellFigure(before.get(one.key) || one), spellFigure(one), spellGap(inDays(difference.figures[one.key])), `${(before.get(one.key)?.never ?? 0).toLocaleString("en")} → ${one.never.toLocaleString("en")} of ${one.of.toLocaleString("en")}`]);
  const other = answer.figures.filter((one) => (one.group === "readiness" && one.key.endsWith("mean_readiness")) || one.key.endsWith(".unmet") || one.key === "cost");
  const more = other.map((one) => [one.label, one.unit, spell(before.get(one.key)?.mean), spell(one.mean), spellGap(difference.figures[one.key])]);
  const region = (words, made) => make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table: ${words}` }, made);
  at("later-stamp").replaceChildren(make("b", {}, answer.stamp.words), `: ${size.toLocaleString("en")} runs with ${list([...closed])} closed from ${answer.stamp.as_of} on and for good, beside the same runs as assumed${size < 3200 ? "; sharpening…" : ""}`);
  at("later").replaceChildren(
    region("What arrives later", table(["Lot: half of the runs are done by", "As assumed", "Closed", "Days later, mean ± standard error", "Runs never done"], rows, "What arrives later", "figures stack")),
    make("p", { class: "note" }, `Run by run with the same luck. A run that is not done by ${answer.stamp.horizon} counts as if it were on that day, so that a delay is the least it can be. In grey: cannot be told from chance. As assumed, passages close and open by themselves too.`),
    make("h3", {}, "What follows from that"), region("What follows from that", table(["Figure", "Unit", "As assumed", "Closed", "Difference ± standard error"], more, "What follows from that", "figures stack")));
  at("later").dataset.runs = size;
  if (size === 200) say("What arrives later is shown");
}

NARROW.addEventListener("change", () => { if (lanes) showMap(); });
window.addEventListener("popstate", () => location.reload());
try {
  world = await request("/api/sea-lanes/map");
  for (const held of [closed, also]) for (const name of held) if (!world.passages.some((one) => one.name === name)) held.delete(name);
  await show();
} catch (error) {
  at("lanes-trouble").replaceChildren(showProblems(error.problems || []));
}
at("lanes").removeAttribute("aria-busy");
