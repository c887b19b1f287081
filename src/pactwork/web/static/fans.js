// Charts of experiments as SVG: fans of quantiles, differences with their doubt, money by year; each with its table.
import { make } from "./app.js";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 320, HEIGHT = 168, LEFT = 44, RIGHT = 8, TOP = 8, BOTTOM = 20;

export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null && value !== undefined) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A number as one reads it: three digits that count, thousands set apart, no sign for what is nought. */
export function spell(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value), places = size >= 100 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(places, 6) });
}

export function spellSigned(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  return (value > 0 ? "+" : "") + spell(value, digits).replace("-", "−");
}

function ticksTo(low, high, count = 3) {
  const step = 10 ** Math.floor(Math.log10((high - low) / count || 1));
  const wide = [1, 2, 2.5, 5, 10].map((one) => one * step).find((one) => (high - low) / one <= count + 0.5) || step * 10;
  const found = [];
  for (let at = Math.ceil(low / wide - 1e-9) * wide; at <= high + wide * 1e-9; at += wide) found.push(Math.abs(at) < wide * 1e-9 ? 0 : at);
  return found;
}

function short(value, most) {
  if (value === 0) return "0";
  if (most >= 1e6) return `${spell(value / 1e6, 2)} m`;
  if (most >= 1e4) return `${spell(value / 1e3, 2)} k`;
  return spell(value);
}

function frame(low, high, days, label) {
  const x = (at) => LEFT + (WIDTH - LEFT - RIGHT) * (days.length > 1 ? at / (days.length - 1) : 0.5);
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low || 1));
  const chart = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, focusable: "false" });
  for (const tick of ticksTo(low, high)) {
    chart.append(draw("line", { class: tick === 0 ? "zero" : "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick) }));
    chart.append(text(LEFT - 5, y(tick) + 4, short(tick, Math.max(high, -low)), "end"));
  }
  return { chart, x, y };
}

function text(x, y, words, anchor = "middle") {
  return draw("text", { x, y, "text-anchor": anchor }, words);
}

function years(chart, days, x) {
  const firsts = days.map((day, at) => [Number(day.slice(0, 4)), at]).filter(([year], at) => at === 0 || days[at - 1].slice(0, 4) !== String(year));
  for (const [year, at] of firsts.slice(1).filter(([one]) => one % 3 === 0 || firsts.length < 6)) chart.append(text(x(at), HEIGHT - 5, String(year)));
}

const line = (values, x, y) => {
  let path = "", open = false;
  values.forEach((value, at) => {
    if (value === null || value === undefined) { open = false; return; }
    path += `${open ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  });
  return path;
};
function area(low, high, x, y) {
  const there = low.map((one, at) => at).filter((at) => low[at] !== null && high[at] !== null);
  if (!there.length) return "";
  const up = there.map((at) => `${x(at).toFixed(1)} ${y(high[at]).toFixed(1)}`), down = there.reverse().map((at) => `${x(at).toFixed(1)} ${y(low[at]).toFixed(1)}`);
  return `M${up.join("L")}L${down.join("L")}Z`;
}
const column = (bands, at) => bands.map((row) => row[at]);
const last = (values) => values[values.length - 1];
const biggest = (...lists) => Math.max(1e-9, ...lists.flat(2).filter((one) => one !== null && one !== undefined));

/** A fan by quarter; `pinned` is the same fan of the result beside it. */
export function showFan(fan, days, pinned, words) {
  const high = fan.unit === "%" ? 100 : 1.05 * biggest(fan.bands, fan.required || [], pinned ? pinned.bands : []);
  const end = last(fan.bands), told = `${fan.name}, ${words}: at the end median ${spell(end[2])} ${fan.unit}, nine tenths of the runs ${spell(end[0])} to ${spell(end[4])}`;
  const before = pinned ? `; pinned: median ${spell(last(pinned.bands)[2])}` : "";
  const { chart, x, y } = frame(0, high, days, told + before);
  chart.append(draw("path", { class: "outer", d: area(column(fan.bands, 0), column(fan.bands, 4), x, y) }));
  chart.append(draw("path", { class: "inner", d: area(column(fan.bands, 1), column(fan.bands, 3), x, y) }));
  if (fan.required) chart.append(draw("path", { class: "required", d: line(fan.required, x, y) }));
  if (pinned) {
    for (const at of [0, 4]) chart.append(draw("path", { class: "pin-edge", d: line(column(pinned.bands, at), x, y) }));
    chart.append(draw("path", { class: "pin", d: line(column(pinned.bands, 2), x, y) }));
  }
  chart.append(draw("path", { class: "middle", d: line(column(fan.bands, 2), x, y) }));
  years(chart, days, x);
  const heads = ["Quarter", "5 %", "25 %", "median", "75 %", "95 %", ...(fan.required ? ["required"] : []), ...(pinned ? ["pinned median"] : [])];
  const rows = () => days.map((day, at) => [day, ...fan.bands[at].map((one) => spell(one)), ...(fan.required ? [spell(fan.required[at])] : []), ...(pinned ? [spell(pinned.bands[at][2])] : [])]);
  return figure(fan.key, fan.name, fan.unit === "%" ? `${words}, %` : words, chart, heads, rows);
}

/** A mean difference by quarter, with twice its standard error on both sides. */
export function showGap(fan, days, gap, words) {
  const low = gap.mean.map((one, at) => (one === null ? null : one - 2 * gap.error[at])), high = gap.mean.map((one, at) => (one === null ? null : one + 2 * gap.error[at]));
  const least = Math.min(0, ...low.filter((one) => one !== null)), most = Math.max(0, ...high.filter((one) => one !== null)), room = 0.06 * (most - least) || 1;
  const told = `${fan.name}, ${words}: difference from what is pinned, at the end ${spellSigned(last(gap.mean))} ${fan.unit}, twice its standard error ${spell(2 * last(gap.error))}`;
  const { chart, x, y } = frame(least - room, most + room, days, told);
  chart.append(draw("path", { class: "gap-doubt", d: area(low, high, x, y) }), draw("path", { class: "gap", d: line(gap.mean, x, y) }));
  years(chart, days, x);
  const rows = () => days.map((day, at) => [day, spellSigned(gap.mean[at]), spell(gap.error[at])]);
  return figure(`${fan.key}-gap`, fan.name, `${words}: difference from the pinned mean`, chart, ["Quarter", "difference", "standard error"], rows);
}

/** What the buyer pays in each year of the run. */
export function showYears(years, start, unit, pinned) {
  const labels = years.map((one) => `year ${one.year}`), high = 1.05 * biggest(years.map((one) => one.high), pinned ? pinned.map((one) => one.mean) : []);
  const told = `What the buyer pays in each year: ${years.map((one) => `${one.year}: ${spell(one.mean)}`).join(", ")} ${unit}`;
  const { chart, y } = frame(0, high, labels, told);
  const x = (at) => LEFT + (WIDTH - LEFT - RIGHT) * ((at + 0.5) / years.length), wide = 0.62 * (WIDTH - LEFT - RIGHT) / years.length;
  years.forEach((one, at) => {
    chart.append(draw("rect", { class: "pay", x: x(at) - wide / 2, width: wide, y: y(one.mean), height: Math.max(0, y(0) - y(one.mean)) }));
    chart.append(draw("line", { class: "whisker", x1: x(at), x2: x(at), y1: y(one.low), y2: y(one.high) }));
    if (pinned && pinned[at]) chart.append(draw("circle", { class: "pin-dot", cx: x(at), cy: y(pinned[at].mean), r: 3 }));
    if (at % 2 === 0) chart.append(text(x(at), HEIGHT - 5, String(one.year)));
  });
  const rows = () => years.map((one, at) => [String(one.year), spell(one.mean), spell(one.low), spell(one.high), ...(pinned ? [spell(pinned[at]?.mean)] : [])]);
  return figure("cost-years", "Cost by year", `years from ${start}, ${unit}; bars the mean, lines nine tenths of the runs`, chart, ["Year", "mean", "5 %", "95 %", ...(pinned ? ["pinned mean"] : [])], rows);
}

const openTables = new Set();
function figure(key, name, words, chart, heads, rows) {
  const place = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Numbers: ${name}, ${words}` });
  // noted at the click: charts may be drawn anew before the fold has opened
  const more = make("details", {}, make("summary", { onclick: () => { if (more.open) openTables.delete(key); else openTables.add(key); } }, "Numbers"), place);
  const fill = () => { if (!place.firstChild) place.append(table(heads, rows(), `${name}: ${words}`)); };
  more.addEventListener("toggle", () => { if (more.open) fill(); });
  if (openTables.has(key)) { more.open = true; fill(); }
  return make("figure", { class: "fan", "data-fan": key }, make("figcaption", {}, make("b", {}, name), make("span", { class: "aside" }, words)), chart, more);
}

/** Cells that carry the head of their column, for where a row is shown by itself. */
export function labelled(heads, cells) {
  cells.forEach((cell, at) => cell.setAttribute("data-label", heads[at]));
  return cells;
}

/** A table; the first cell of a row is its head. `kind` "stack" shows it row by row where there is no room. */
export function table(heads, rows, caption, kind = "figures") {
  const body = rows.map(([head, ...cells]) => make("tr", {}, make("th", { scope: "row" }, head), ...labelled(heads.slice(1), cells.map((cell) => (cell instanceof Element ? cell : make("td", {}, cell))))));
  return make("table", { class: kind }, make("caption", { class: "quiet" }, caption), make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, ...body));
}
