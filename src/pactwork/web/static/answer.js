// What came of a question: charts, then every figure in a table, with the difference from what is pinned.
import { make } from "./app.js";
import { labelled, showFan, showGap, showYears, spell, spellSigned } from "./fans.js";

const WORDS = { ready: "ready items", readiness_permille: "share of the fleet that is ready", stock: "rounds in stock" };
const HEADS = { fleets: "Fleets", readiness: "Readiness", munitions: "Munitions", money: "Money", lanes: "Sea lanes", deliveries: "Deliveries" };

/** Show an answer in a place, in one go. */
export function showAnswer(place, told) {
  const { answer, pinned, difference } = told;
  const before = new Map((pinned ? pinned.fans : []).map((one) => [one.key, one]));
  const money = answer.figures.find((one) => one.key === "cost")?.unit || "m";
  const fans = (kind) => answer.fans.filter((one) => one.kind === kind).map((one) => showFan(one, answer.days, before.get(one.key), WORDS[kind]));
  const sections = [
    section("Fleets: ready items", fans("ready")),
    section("Readiness", fans("readiness_permille")),
    section("Munitions", fans("stock")),
    section("Money", answer.years.length ? [showYears(answer.years, answer.stamp.as_of, money, pinned?.years)] : []),
  ];
  if (difference) sections.unshift(section("Differences from what is pinned, same futures and same luck", gaps(answer, difference)));
  const legend = make("p", { class: "legend" }, `Bands hold half and nine tenths of the runs, the line is their median${pinned ? "; dashed in ink: the pinned median, its nine tenths dotted" : ""}; dashes and dots in grey: what is required. Counted over futures that the assumptions make; they are no chances of what will be.`);
  place.replaceChildren(legend, ...sections.filter(Boolean), figures(told));
}

function section(title, charts) {
  return charts.length ? make("section", { class: "bare" }, make("h2", {}, title), make("div", { class: "fans" }, ...charts)) : null;
}

function gaps(answer, difference) {
  return answer.fans.filter((one) => one.kind !== "readiness_permille" && difference.series[one.key] && difference.series[one.key].mean.some((value) => value !== 0))
    .map((one) => showGap(one, answer.days, difference.series[one.key], WORDS[one.kind]));
}

const spellMonth = (day) => (day ? day.slice(0, 7) : "after the last year");

/** One figure in words: a share, an amount, or the month by which half of the runs have all of a lot. */
export function spellFigure(one) { return one.group === "deliveries" ? spellMonth(one.median) : spell(one.mean); }

/** Where nine tenths of the runs lie; of a lot in months of the calendar, as its middle is. */
export function spellSpan(one) {
  if (one.group === "deliveries") return one.early ? `${spellMonth(one.early)} to ${spellMonth(one.late)}` : "after the last year";
  return one.low === null ? "–" : `${spell(one.low)} to ${spell(one.high)}`;
}

function figures({ answer, pinned, difference }) {
  const before = new Map((pinned ? pinned.figures : []).map((one) => [one.key, one]));
  const heads = ["Figure", ...(pinned ? ["Pinned"] : []), "Now", pinned ? "Difference ± standard error" : "± standard error", "Nine tenths of the runs"];
  const rows = [];
  for (const [group, title] of Object.entries(HEADS)) {
    const some = answer.figures.filter((one) => one.group === group);
    if (some.length) rows.push(make("tr", {}, make("th", { class: "head", scope: "colgroup", colspan: heads.length }, group === "deliveries" ? `${title}: half of the runs are done by` : title)));
    for (const one of some) rows.push(row(heads, one, before.get(one.key), difference?.figures[one.key], Boolean(pinned)));
  }
  const whole = make("table", { class: "figures stack" }, make("caption", { class: "quiet" }, "Every figure"), make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, ...rows));
  return make("section", { class: "bare" }, make("h2", {}, "Figures"), make("p", { class: "note" }, `${answer.stamp.words}. Means over runs${pinned ? "; a difference in bold is more than twice its standard error, one in grey cannot be told from chance" : ""}. A lot that is not all there by ${answer.stamp.horizon} counts as if it were on that day, so that its mean is the least it can be.`),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of every figure" }, whole));
}

function row(heads, one, before, gap, compared) {
  const dated = one.group === "deliveries", cells = [];
  if (compared) cells.push(make("td", {}, before ? spellFigure(before) : "–"));
  cells.push(make("td", {}, spellFigure(one)));
  cells.push(compared ? spellGap(gap, dated ? one.unit : "") : make("td", {}, one.error === null ? "–" : `± ${spell(one.error, 2)}${dated ? ` ${one.unit}` : ""}`));
  cells.push(make("td", {}, spellSpan(one)));
  return make("tr", { "data-figure": one.key }, make("th", { scope: "row" }, one.label, dated ? null : make("span", { class: "aside" }, ` ${one.unit}`)), ...labelled(heads.slice(1), cells));
}

/** A difference with its error; what cannot be told from chance is said so. */
export function spellGap(gap, unit = "") {
  if (!gap || gap.mean === null) return make("td", {}, "–");
  if (gap.same) return make("td", { class: "unclear" }, "none in any run");
  const words = `${spellSigned(gap.mean)} ± ${gap.error === null ? "–" : spell(gap.error, 2)}${unit && ` ${unit}`}`;
  return gap.clear ? make("td", { class: "clear" }, words) : make("td", { class: "unclear" }, words, make("span", { class: "quiet" }, ", not told from chance"));
}
