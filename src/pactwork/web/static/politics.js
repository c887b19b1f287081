// Politics: sliders for each stakeholder; the outcome comes back from the server, always with its error.
import { tellUnused } from "./address.js";
import { ask, keepInAddress, make, settle, showProblems, whenBack } from "./app.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
const W = matchMedia("(max-width: 44rem)").matches ? 354 : 460, H = 300, LEFT = 14, RIGHT = 14, TOP = 14, BOTTOM = 34;
const SCALES = [["position", "Position"], ["influence", "Influence"], ["salience", "Salience"]];
const place = document.getElementById("bargain");
const map = document.getElementById("map");
const movers = document.getElementById("movers");
const chooser = document.getElementById("issue");
let issue = null, moves = new Map(), asked = 0, inHand = "";

function draw(name, attributes = {}, text = "") {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}
const now = (one) => ({ ...one, ...(moves.get(one.actor) || {}) });
const whole = (number) => String(Math.round(number));

function readMoves() {
  moves = new Map();
  const unused = [];
  for (const part of (new URLSearchParams(location.search).get("moves") || "").split(";").filter(Boolean)) {
    const [actor, numbers] = part.split(":");
    const given = (numbers || "").split(",").map((text) => (text.trim() ? Number(text) : NaN));
    const held = issue.stakeholders.find((one) => one.actor === actor);
    if (!held || given.length !== 3 || !given.every(Number.isFinite)) {
      unused.push({ where: "moves", found: `"${part}"`, expected: held ? "position, influence and salience, with commas between them" : `the id of who stands on this issue, such as ${issue.stakeholders[0]?.actor}`, fix: "it is left as the case has it" });
      continue;
    }
    const ends = SCALES.map(([name]) => (name === "position" ? [issue.bottom, issue.top] : [0, issue.most]));
    const put = given.map((number, at) => clamp(number, ...ends[at]));
    SCALES.forEach(([name], at) => {
      if (put[at] !== given[at]) unused.push({ where: `moves ${actor} ${name}`, found: String(given[at]), expected: `${ends[at][0]} to ${ends[at][1]}`, fix: `taken is ${put[at]}` });
    });
    moves.set(actor, { position: put[0], influence: put[1], salience: put[2] });
  }
  tellUnused(unused);
}
const clamp = (number, low, high) => Math.min(high, Math.max(low, number));
function writeMoves() {
  const text = [...moves].map(([actor, one]) => `${actor}:${one.position},${one.influence},${one.salience}`).join(";");
  keepInAddress({ issue: issue.issue, moves: text });
}

function slider(one, name, label) {
  const low = name === "position" ? issue.bottom : 0, high = name === "position" ? issue.top : issue.most;
  const id = `${name}-${one.actor}`, value = now(one)[name];
  const shown = make("output", { for: id }, whole(value));
  const input = make("input", { type: "range", id, min: low, max: high, step: (high - low) / 100, value, "data-actor": one.actor, "data-name": name });
  input.addEventListener("input", () => {
    const put = { position: now(one).position, influence: now(one).influence, salience: now(one).salience, [name]: Number(input.value) };
    if (SCALES.every(([key]) => put[key] === one[key])) moves.delete(one.actor); else moves.set(one.actor, put);
    shown.textContent = whole(put[name]);
    input.closest(".mover").classList.toggle("moved", moves.has(one.actor));
    writeMoves();
    drawMap();
    soon();
  });
  return make("label", { class: "slider", for: id }, label, shown, input);
}

function showMovers() {
  movers.replaceChildren(...issue.stakeholders.map((one) => make("fieldset", { class: moves.has(one.actor) ? "mover moved" : "mover", "data-actor": one.actor },
    make("legend", {}, make("bdi", {}, one.name), " ", make("a", { class: "src judged", href: `/evidence?row=${encodeURIComponent(one.row)}`, "aria-label": `source, grade ${one.grade}` }, one.grade)),
    make("div", { class: "three" }, ...SCALES.map(([name, label]) => slider(one, name, label))),
    one.rationale ? make("details", {}, make("summary", {}, "Why it is put there"), make("p", {}, one.rationale)) : null)));
}

let last = null;
function drawMap() {
  const x = (position) => LEFT + (position - issue.bottom) / (issue.top - issue.bottom) * (W - LEFT - RIGHT);
  const y = (influence) => H - BOTTOM - influence / issue.most * (H - TOP - BOTTOM);
  const words = issue.stakeholders.map((one) => `${one.name}: position ${whole(now(one).position)}, influence ${whole(now(one).influence)}, salience ${whole(now(one).salience)}`);
  const svg = draw("svg", { class: "bargain-map", viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `Who stands where. ${words.join("; ")}.` });
  const shown = draw("g", { "aria-hidden": "true" });
  svg.append(shown);
  const put = (...given) => { const made = draw(...given); shown.append(made); return made; };
  if (last && last.outcome !== null) {
    put("rect", { class: "range80", x: x(last.low), y: TOP, width: x(last.high) - x(last.low), height: H - TOP - BOTTOM });
    if (last.before !== null && Math.abs(last.before - last.outcome) > 0.05) put("path", { class: "before", d: `M${x(last.before)} ${TOP}V${H - BOTTOM}` });
    put("path", { class: "meets", d: `M${x(last.outcome)} ${TOP}V${H - BOTTOM}` });
    put("text", { class: "meets-words", x: x(last.outcome), y: H - BOTTOM + 15, "text-anchor": "middle" }, whole(last.outcome));
  }
  put("path", { class: "axis", d: `M${LEFT} ${H - BOTTOM}H${W - RIGHT}` });
  put("text", { class: "tick", x: LEFT, y: H - 5 }, whole(issue.bottom));
  put("text", { class: "tick", x: W - RIGHT, y: H - 5, "text-anchor": "end" }, whole(issue.top));
  put("text", { class: "tick", x: LEFT, y: TOP - 3 }, "↑ influence; size: how much it cares");
  const dots = [];
  issue.stakeholders.forEach((one) => {
    const held = now(one), at = [x(held.position), y(held.influence)], size = 2.5 + 9 * Math.sqrt(held.salience / issue.most);
    put("circle", { class: moves.has(one.actor) || one.actor === inHand ? "dot moved" : "dot", cx: at[0], cy: at[1], r: size });
    dots.push([at[0] - size, at[0] + size, at[1], size]);
  });
  nameDots(put, dots);
  map.replaceChildren(svg);
  map.removeAttribute("aria-busy");
}

/**
 * Name the dots: whoever is in hand or moved always, then the heaviest first, each where its name lies on no dot and no
 * other name; `dots` are left, right, height and radius.
 */
function nameDots(put, dots) {
  const taken = dots.map(([from, to, height, size]) => [from, to, height, Math.max(size, 6)]);
  const rank = ({ actor }) => (actor === inHand ? 0 : moves.has(actor) ? 1 : 2);
  const order = issue.stakeholders.map((one, index) => [one, dots[index]]).sort(([one], [other]) => rank(one) - rank(other));
  for (const [one, [from, to, height, size]] of order) {
    const words = one.name.length > 28 ? `${one.name.slice(0, 27)}…` : one.name, wide = words.length * 5.7 + 4, middle = (from + to) / 2;
    const start = clamp(middle - wide / 2, 2, W - 2 - wide), above = height - size - 7, below = height + size + 7;
    const places = [[to + 1, to + wide, height, "start"], [from - wide, from - 1, height, "end"], [start, start + wide, above], [start, start + wide, below],
      [to - 2, to - 2 + wide, above], [from + 2 - wide, from + 2, above], [to - 2, to - 2 + wide, below], [from + 2 - wide, from + 2, below]]
      .filter(([left, right, at]) => left >= 2 && right <= W - 2 && at > TOP + 4 && at < H - BOTTOM - 4);
    const overlaps = ([left, right, at]) => taken.filter((other) => Math.abs(other[2] - at) < other[3] + 5 && other[0] < right && left < other[1]).length;
    const free = places.find((box) => !overlaps(box)) || (rank(one) < 2 && places.sort((box, other) => overlaps(box) - overlaps(other))[0]);
    if (!free) continue;
    const [left, right, at, anchor = "middle"] = free, where = { start: left + 2, end: right - 2, middle: (left + right) / 2 }[anchor];
    taken.push([left, right, at, 6]);
    put("text", { class: rank(one) < 2 ? "in-hand" : "", x: where, y: at + 4, "text-anchor": anchor, "data-label": one.actor }, words);
  }
}

function bar(stance) {
  const parts = [["committed", "committed"], ["transactional", "transactional"], ["reluctant", "reluctant"]];
  const svg = draw("svg", { class: "stance", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" });
  let from = 0;
  for (const [name] of parts) { svg.append(draw("rect", { class: name, x: from, y: 0, width: Math.max(0, 100 * stance[name] - 0.4), height: 6 })); from += 100 * stance[name]; }
  const who = stance.election ? `if ${stance.governs} wins` : "as governed now";
  return make("div", { class: "stance-line" }, make("p", {}, make("b", {}, stance.actor), ` ${who}: `, parts.map(([name, word]) => `${word}\u00a0${Math.round(100 * stance[name])}\u00a0%`).join(", ")), svg);
}

async function judge() {
  const number = ++asked;
  const body = { moves: [...moves].map(([actor, one]) => ({ actor, ...one })) };
  try {
    const found = await ask(`/api/politics/issues/${encodeURIComponent(issue.issue)}/outcome`, { method: "POST", body });
    if (number !== asked) return;
    last = found;
    document.getElementById("outcome").textContent = found.said + (moves.size && found.before !== null ? ` As the case has it: ${whole(found.before)}.` : "");
    document.getElementById("stances").replaceChildren(...found.stances.filter((one) => one.governs !== "whoever wins").slice(0, 4).map(bar));
    place.dataset.answered = String(number);
    drawMap();
  } catch (error) {
    if (number !== asked) return;
    document.getElementById("outcome").replaceChildren(showProblems(error.problems || []));
    if (error.status === 0) whenBack(judge);
  }
}
const soon = settle(60, judge);

async function open(name) {
  try { issue = await ask(`/api/politics/issues/${encodeURIComponent(name)}`); } catch (error) { map.replaceChildren(showProblems(error.problems || [])); map.removeAttribute("aria-busy"); return; }
  readMoves();
  last = null;
  document.getElementById("scale").textContent = issue.scale ? `Across: ${issue.scale}` : "";
  showMovers();
  drawMap();
  await judge();
}
if (place) {
  chooser.addEventListener("change", () => { keepInAddress({ issue: chooser.value, moves: "" }, { push: true }); open(chooser.value); });
  movers.addEventListener("focusin", (event) => { inHand = event.target.closest(".mover")?.dataset.actor || ""; drawMap(); });
  document.getElementById("reset").addEventListener("click", () => { moves.clear(); writeMoves(); showMovers(); judge(); });
  addEventListener("popstate", () => location.reload());
  open(place.dataset.issue);
}
