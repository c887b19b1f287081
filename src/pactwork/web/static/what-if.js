// What if: the controls, the question they make, and what comes of it.
import { ask as request, keepInAddress, make, say, settle, showProblems, whenBack } from "./app.js";
import { tellUnused } from "./address.js";
import { showAnswer } from "./answer.js";
import { spellMoved } from "./moved.js";
import { Player, asAssumed, fromAddress, inAddress, isSame } from "./player.js";

const at = (id) => document.getElementById(id);
const LONGEST_LINK = 3600;
let { asked, pinned } = fromAddress(new URLSearchParams(at("what-if").dataset.used));
let setup = null, weights = [];

const player = new Player({
  waiting(told) {
    const how = told.total > 1 ? `, ${told.done} of ${told.total}` : "";
    at("stamp").textContent = `Getting ready: ${told.stage}${how}`;
    at("sharpness").removeAttribute("value");
    at("ready-note").hidden = false;
    at("trouble").replaceChildren();
  },
  answered(told, size, number) {
    const place = at("answer");
    showAnswer(place, pinned ? told : { answer: told.answer });
    tellMoved(told);
    place.removeAttribute("aria-busy");
    place.dataset.shown = number;
    place.dataset.runs = size;
    at("trouble").replaceChildren();
    at("ready-note").hidden = true;
    const failed = told.answer.stamp.failed ? `, ${told.answer.stamp.failed} failed and left out` : "";
    const more = size < 3200 ? "sharpening…" : "as sharp as this view gets";
    at("stamp").replaceChildren(make("b", {}, told.answer.stamp.words), `: ${size.toLocaleString("en")} runs${failed}; ${more}`);
    at("sharpness").value = size;
    at("pin").disabled = at("pin-assumed").disabled = false;
    if (size === 3200) { say(`Played, 3,200 runs`); lookForWeights(); } else if (size === 200) say("Played, 200 runs");
  },
  failed(error) {
    at("answer").removeAttribute("aria-busy");
    at("trouble").replaceChildren(showProblems(error.problems || []));
    at("stamp").textContent = "Not played";
    at("ready-note").hidden = true;
    if (error.status === 0) whenBack(() => { if (setup) play(); else start(); });
  },
});

/** Ask what the controls say now. */
function play() {
  at("answer").setAttribute("aria-busy", "true");
  const address = inAddress(asked, pinned);
  if (JSON.stringify(address).length < LONGEST_LINK) keepInAddress(address);
  const still = { ...asAssumed(asked.seed), scenario: asked.scenario };  // what the sliders are moved away from
  const beside = pinned || still;
  player.play(asked, isSame(beside, asked) ? null : beside);
  tellPinned();
}
const playSoon = settle(40, play);
const moved = (change) => { asked = { ...asked, ...change }; count(); playSoon(); };

function count() {
  const levers = Object.keys(asked.levers).length, numbers = Object.keys(asked.numbers).length;
  at("levers-count").textContent = levers ? `${levers} pulled` : "";
  at("numbers-count").textContent = numbers ? `${numbers} moved` : "";
}

/** Whether what was moved matters is said in words: charts of what hardly changes look like those of what does. */
function tellMoved({ answer, difference }) {
  const place = at("moved-words"), scenario = setup.scenarios.find((one) => one.name === asked.scenario)?.title;
  const beside = pinned ? "what is pinned" : asked.scenario ? `what “${scenario}” assumes` : "what the case assumes";
  place.hidden = !difference;
  place.textContent = difference ? spellMoved(answer, difference, beside) : "";
}

// --- scenario, seed, choice -------------------------------------------------------------------------------------

async function loadSetup() {
  const wanted = asked.scenario, told = await request(`/api/what-if/setup?scenario=${encodeURIComponent(wanted)}`);
  if (asked.scenario !== wanted) return false; // another was chosen meanwhile: its own answer is on its way
  setup = told;
  const select = at("scenario");
  select.replaceChildren(...setup.scenarios.map((one) => make("option", { value: one.name }, one.title)));
  select.value = asked.scenario;
  const why = setup.scenarios.find((one) => one.name === asked.scenario)?.why || "";
  at("scenario-why").textContent = why;
  at("scenario-why").hidden = !why;
  const ranges = new Map(setup.assumptions.map((one) => [one.name, one]));
  const fits = ([name, value]) => ranges.has(name) && value >= ranges.get(name).low && value <= ranges.get(name).high;
  const moves = Object.entries(asked.numbers), left = moves.filter((one) => !fits(one));
  if (left.length) asked = { ...asked, numbers: Object.fromEntries(moves.filter(fits)) };
  tellLeft(left, ranges);
  showChoices();
  showLevers();
  showAssumptions();
  count();
  return true;
}

/** What another scenario does not leave room for is as assumed again, and said. */
function tellLeft(left, ranges) {
  const place = at("left-words");
  place.hidden = !left.length;
  const say = ([name, value]) => { const one = ranges.get(name); return one ? `${one.label} was ${spellValue(value)}, and is assumed from ${spellValue(one.low)} to ${spellValue(one.high)} here` : `${name} is not assumed here`; };
  place.textContent = left.length ? `As assumed again: ${left.map(say).join("; ")}.` : "";
}

function showChoices() {
  at("choice").replaceChildren(make("option", { value: "" }, "–"), ...setup.choices.map((one) => make("option", { value: one.name }, one.title)));
  const pulled = Object.keys(asked.levers).sort().join();
  const same = setup.choices.find((one) => pulled && [...one.levers].sort().join() === pulled);
  at("choice").value = same ? same.name : "";
}

at("scenario").addEventListener("change", async (event) => { asked = { ...asked, scenario: event.target.value }; try { if (await loadSetup()) play(); } catch (error) { player.told.failed(error); } });
at("seed").addEventListener("change", (event) => {
  const seed = Number(event.target.value);
  if (!event.target.checkValidity() || event.target.value === "") { event.target.value = asked.seed; return; }
  if (pinned) pinned = { ...pinned, seed };
  moved({ seed });
});
at("choice").addEventListener("change", (event) => {
  const one = setup.choices.find((choice) => choice.name === event.target.value);
  moved({ levers: Object.fromEntries((one ? one.levers : []).map((name) => [name, null])) });
  showLevers();
});
at("reset").addEventListener("click", async () => { asked = asAssumed(asked.seed); if (!await loadSetup()) return; play(); say("As assumed"); });
at("copy").addEventListener("click", async () => {
  try { await navigator.clipboard.writeText(location.href); say("The link is copied"); } catch { say("The link stands in the address of this page"); }
});

// --- levers -----------------------------------------------------------------------------------------------------

function showLevers() { at("levers").replaceChildren(...setup.levers.map(showLever)); }

function showLever(one) {
  const on = one.name in asked.levers, share = asked.levers[one.name];
  const barred = one.excludes.concat(setup.levers.filter((other) => other.excludes.includes(one.name)).map((other) => other.name)).filter((name) => name in asked.levers);
  const box = make("input", { type: "checkbox", id: `lever-${one.name}`, checked: on, disabled: !on && barred.length > 0, onchange: (event) => {
    const levers = { ...asked.levers };
    if (event.target.checked) levers[one.name] = null; else delete levers[one.name];
    moved({ levers });
    showChoices();
    showLevers();
    at(`lever-${one.name}`).focus();
  } });
  const place = make("div", { class: on ? "lever on" : "lever" }, make("label", { for: box.id }, box, make("span", {}, one.title)));
  const notes = [one.starts ? `from ${one.starts}` : "", one.when ? `once ${one.when}` : "", one.tracked ? `nothing is modelled: ${one.tracked}` : "", barred.length ? `not beside ${barred.map((name) => setup.levers.find((other) => other.name === name)?.title).join(", ")}` : ""].filter(Boolean);
  if (notes.length) place.append(make("p", { class: "note" }, notes.join("; ")));
  if (on && !one.tracked) place.append(showShare(one, share));
  return place;
}

function showShare(one, share) {
  const id = `share-${one.name}`, words = (value) => (value === null ? "as assumed" : `${Math.round(100 * value)} %`);
  const output = make("output", { for: id }, words(share));
  const slider = make("input", { type: "range", id, min: 0, max: 1, step: 0.05, value: share ?? (one.low + one.high) / 2, "aria-valuetext": words(share), oninput: (event) => {
    const value = Number(event.target.value);
    output.textContent = words(value);
    event.target.setAttribute("aria-valuetext", words(value));
    moved({ levers: { ...asked.levers, [one.name]: value } });
  } });
  const assumed = one.low === one.high ? `${Math.round(100 * one.low)} %` : `${Math.round(100 * one.low)} to ${Math.round(100 * one.high)} %`;
  return make("div", { class: "effect slider" }, make("label", { for: id }, "share of it that comes about"), output, slider,
    make("div", { class: "ends" }, make("span", {}, `assumed: ${assumed}${one.known ? "" : ", nobody has measured it"}`)));
}

// --- assumptions ------------------------------------------------------------------------------------------------

const STEPS = 100;
function scaleOf(one) {
  if (one.values.length) return { steps: one.values.length - 1, value: (step) => one.values[step], step: (value) => Math.max(0, one.values.indexOf(value)) };
  const log = one.spread === "loguniform";
  const tidy = (value) => Math.min(one.high, Math.max(one.low, Number(value.toPrecision(3))));
  return {
    steps: STEPS,
    value: (step) => (step <= 0 ? one.low : step >= STEPS ? one.high : tidy(log ? one.low * (one.high / one.low) ** (step / STEPS) : one.low + (one.high - one.low) * (step / STEPS))),
    step: (value) => Math.round(STEPS * (log ? Math.log(value / one.low) / Math.log(one.high / one.low) : (value - one.low) / (one.high - one.low))),
  };
}
const spellValue = (value) => Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 8 });

function showNumber(one, beside = "", where = "g") {
  const id = `${where}-${one.name}`, scale = scaleOf(one), on = one.name in asked.numbers;
  const output = make("output", { for: id }, on ? spellValue(asked.numbers[one.name]) : "as assumed");
  const back = make("button", { type: "button", hidden: !on, "aria-label": `As assumed: ${one.label}`, onclick: () => {
    const numbers = { ...asked.numbers };
    delete numbers[one.name];
    moved({ numbers });
    renew(one.name, null);
    slider.focus();
  } }, "as assumed");
  const slider = make("input", { type: "range", id, min: 0, max: scale.steps, step: 1, value: scale.step(on ? asked.numbers[one.name] : one.middle), "aria-valuetext": on ? `${spellValue(asked.numbers[one.name])} ${one.unit}` : "as assumed", "data-number": one.name, oninput: (event) => {
    const value = scale.value(Number(event.target.value));
    moved({ numbers: { ...asked.numbers, [one.name]: value } });
    renew(one.name, value);
  } });
  const place = make("div", { class: on ? "number on slider" : "number slider", "data-place": one.name }, make("label", { for: id }, one.label), output, slider,
    make("div", { class: "ends" }, make("span", {}, spellValue(one.low)), make("span", {}, one.unit), make("span", {}, spellValue(one.high))));
  if (beside) place.append(make("p", { class: "note" }, beside));
  place.append(make("p", { class: "note why" }, `${one.why} (${one.source})`), back);
  place.renew = (value) => {
    place.classList.toggle("on", value !== null);
    output.textContent = value === null ? "as assumed" : spellValue(value);
    slider.setAttribute("aria-valuetext", value === null ? "as assumed" : `${spellValue(value)} ${one.unit}`);
    slider.value = scale.step(value ?? one.middle);
    back.hidden = value === null;
  };
  return place;
}

/** The same assumption may stand in two lists: all of them follow. */
function renew(name, value) {
  for (const place of document.querySelectorAll("[data-place]")) if (place.dataset.place === name) place.renew(value);
}

function showAssumptions() {
  showMost();
  const groups = new Map();
  for (const one of setup.assumptions) groups.set(one.group, [...(groups.get(one.group) || []), one]);
  const wanted = at("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one) => wanted.every((word) => `${one.label} ${one.name} ${one.group} ${one.why}`.toLowerCase().includes(word));
  const places = [];
  for (const [name, all] of groups) {
    const some = all.filter(fits);
    if (!some.length) continue;
    const list = make("div", {}), fill = () => { if (!list.firstChild) list.append(...some.map((one) => showNumber(one))); };
    const moves = some.filter((one) => one.name in asked.numbers).length;
    const group = make("details", { class: "group" }, make("summary", {}, name, make("span", { class: "aside" }, `${some.length}${moves ? `, ${moves} moved` : ""}`)), list);
    group.addEventListener("toggle", () => { if (group.open) fill(); });
    if (wanted.length && some.length <= 24) { group.open = true; fill(); }
    places.push(group);
  }
  at("groups").replaceChildren(...(places.length ? places : [make("p", { class: "note" }, "No assumption has these words.")]));
}
at("search").addEventListener("input", settle(120, showAssumptions));
at("asking").addEventListener("submit", (event) => event.preventDefault());

function showMost() {
  const known = new Map(setup.assumptions.map((one) => [one.name, one]));
  const here = weights.filter((one) => known.has(one.name));
  at("most-list").replaceChildren(...here.map((one) => showNumber(known.get(one.name), `${one.correlation > 0 ? "More of it goes with more" : "More of it goes with less"}: ${one.outcome} (rank correlation ${one.correlation.toFixed(2).replace("-", "−")})`, "m")));
  if (here.length) at("most-note").textContent = "What outcomes follow most closely over 3,200 runs as assumed; a slider shows what one of them does by itself.";
}

async function lookForWeights() {
  if (weights.length) return;
  try {
    const told = await request("/api/what-if/weights");
    if (told.ready) { weights = told.weights; showMost(); } else setTimeout(lookForWeights, 3000);
  } catch { /* the list of all assumptions is there */ }
}

// --- pin ---------------------------------------------------------------------------------------------------------

function tellPinned() {
  const place = at("pinned-words");
  place.hidden = at("unpin").hidden = !pinned;
  if (!pinned) return;
  const title = setup?.scenarios.find((one) => one.name === pinned.scenario)?.title || pinned.scenario || "The case's own assumptions";
  const levers = Object.keys(pinned.levers).length, numbers = Object.keys(pinned.numbers).length;
  const same = isSame(pinned, asked) ? "; nothing differs from it yet" : "";
  place.replaceChildren(make("b", {}, "Pinned: "), `${title}; ${levers || "no"} lever${levers === 1 ? "" : "s"} pulled, ${numbers || "no"} number${numbers === 1 ? "" : "s"} moved. Differences come from the same futures and the same luck${same}.`);
}
at("pin").addEventListener("click", () => { pinned = structuredClone(asked); play(); say("Pinned: move something, and the difference is shown"); });
at("pin-assumed").addEventListener("click", () => { pinned = asAssumed(asked.seed); play(); say("Compared with what is assumed"); });
at("unpin").addEventListener("click", () => { pinned = null; play(); at("pin").focus(); say("Unpinned"); });

window.addEventListener("popstate", () => location.reload());
if (matchMedia("(max-width: 63.99rem)").matches) for (const id of ["levers-drawer", "assumptions-drawer"]) at(id).open = false;
at("seed").value = asked.seed;
if (pinned) pinned.seed = asked.seed;
async function start() {
  try {
    if (await loadSetup()) play();
    lookForWeights();
  } catch (error) {
    player.told.failed(error);
  }
  at("what-if").removeAttribute("aria-busy");
}
start();
