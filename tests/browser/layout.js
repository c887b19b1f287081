// What is amiss in how the page lies, as a list of words: what sticks out at a side, a box whose content is wider than
// itself, a section without content, and a heading or a rule with nothing for a while below it.
() => {
  const MOST_BLANK = 40, found = [], main = document.getElementById("main");
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}${element.classList.length ? `.${[...element.classList].join(".")}` : ""} “${element.textContent.trim().slice(0, 40)}”`;
  const isPutAway = (head) => head !== null && getComputedStyle(head).position === "absolute";  // read aloud alone
  const isShown = (element) => element.getClientRects().length > 0 && !element.closest(".quiet") && !isPutAway(element.closest("thead")) && getComputedStyle(element).visibility !== "hidden";
  const scrolls = (element) => ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(element).overflowX);
  const isInScroll = (element) => { for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) if (scrolls(at)) return true; return false; };
  const PICTURES = "svg, img, input, select, button, iframe, progress";
  /** The top of the first thing to be seen in or after an element, and the thing's own element. */
  const firstAfter = (element, inside) => {
    const walk = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    walk.currentNode = element;
    for (let node = inside ? walk.nextNode() : null; ; node = walk.nextNode()) {
      if (!inside && node === null) { node = element; while (element.contains(node)) { node = walk.nextNode(); if (!node) return null; } }
      if (!node || (inside && !element.contains(node))) return null;
      const holder = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (holder.closest("svg") && node.nodeName.toLowerCase() !== "svg") continue;
      if (!isShown(holder)) continue;
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.textContent.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        if (range.getClientRects().length) return range.getClientRects()[0].top;
      } else if (node.matches(PICTURES)) return node.getBoundingClientRect().top;
    }
  };
  for (const element of main.querySelectorAll("*")) {
    if (!isShown(element) || (element.closest("svg") && element.tagName !== "svg")) continue;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if ((box.right > innerWidth + 1 || box.left < -1) && !isInScroll(element)) found.push(`sticks out: ${name(element)} ${Math.round(box.left)} to ${Math.round(box.right)}`);
    if (style.display !== "inline" && element.tagName !== "svg" && !element.matches("input, select, option, progress, tbody, tr") && !scrolls(element) && element.clientWidth && element.scrollWidth > element.clientWidth + 1 && !element.querySelector("svg, .quiet")) found.push(`wider than its box: ${name(element)} ${element.scrollWidth} in ${element.clientWidth}`);
    if (element.matches("section, article, figure, hr") && !element.textContent.trim() && !element.querySelector(PICTURES)) found.push(`empty: ${name(element)}`);
    if (element.matches("h1, h2, h3") && !element.closest("summary, .heading")) {
      const next = firstAfter(element, false);
      if (next !== null && next - box.bottom > MOST_BLANK) found.push(`blank below a heading: ${name(element)} ${Math.round(next - box.bottom)} px`);
    }
    if (parseFloat(style.borderTopWidth) > 0 && !element.matches("td, th, tr, iframe")) {
      const next = firstAfter(element, true);
      if (next !== null && next - box.top > MOST_BLANK) found.push(`blank below a rule: ${name(element)} ${Math.round(next - box.top)} px`);
    }
  }
  return found;
}
