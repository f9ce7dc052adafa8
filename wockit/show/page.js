// Search, filter and sort rows; point at the marks of a figure and follow them to their rows. The page is whole
// without this; nothing is loaded or sent.
"use strict";
const language = document.documentElement.lang;
const made = (name, about = {}, ...inside) => {
  const element = Object.assign(document.createElement(name), about);
  element.append(...inside);
  return element;
};

// --- rows: a search over their texts, and filters by what they say ---

const bar = (box, rows, text, filters, most = Infinity) => {
  const search = made("input", { type: "search", placeholder: box.dataset.search, ariaLabel: box.dataset.search });
  const count = made("span", { role: "status" });
  const selects = filters.map(({ name, of }) => {
    const select = made("select", { ariaLabel: name }, new Option(name, ""));
    select.append(...[...new Set(rows.map(of))].sort().map((each) => new Option(each, each)));
    select.addEventListener("change", show);
    return { select, of };
  });
  let texts = null;
  const read = () => (texts ??= rows.map((row) => text(row).toLowerCase()));
  search.addEventListener("focus", read, { once: true }); // before the first letter is typed
  function show() {
    const wanted = search.value.trim().toLowerCase();
    const chosen = selects.filter(({ select }) => select.value !== "");
    const filtered = wanted !== "" || chosen.length > 0;
    if (wanted !== "") read();
    let left = 0;
    rows.forEach((row, place) => {
      const fits = (wanted === "" || texts[place].includes(wanted)) && chosen.every(({ select, of }) => of(row) === select.value);
      left += fits ? 1 : 0;
      const hidden = !fits || (filtered && left > most);
      if (row.hidden !== hidden) row.hidden = hidden;
    });
    count.textContent = box.dataset.count.replace("{0}", left).replace("{1}", rows.length);
    count.parentElement?.classList.toggle("filtered", filtered);
    if (filtered && left > most) count.textContent += ` ${box.dataset.most.replace("{0}", most)}`;
    box.dispatchEvent(new CustomEvent("filtered", { detail: filtered }));
  }
  search.addEventListener("input", show);
  box.prepend(made("div", { className: "bar" }, search, ...selects.map(({ select }) => select), count));
  show();
  return () => {
    search.value = "";
    selects.forEach(({ select }) => (select.value = ""));
    show();
  };
};

const clear = [];
for (const box of document.querySelectorAll(".listed")) {
  const rows = [...box.querySelectorAll("li")];
  const others = box.querySelector(".others");
  const text = (row) => `${row.textContent}\n${row.querySelector("bdi").title}`;
  box.addEventListener("filtered", ({ detail }) => others?.toggleAttribute("open", detail || others.dataset.open === "yes"));
  box.addEventListener("focusin", () => { // laid out once before a letter is typed, which waits for nothing then
    const open = others?.open;
    for (const state of [true, open]) others?.toggleAttribute("open", state), void box.offsetHeight;
  }, { once: true });
  others?.firstElementChild.addEventListener("click", () => (others.dataset.open = others.open ? "no" : "yes"));
  clear.push(bar(box, rows, text, [
    { name: box.dataset.places, of: (row) => row.dataset.place },
    { name: box.dataset.kinds, of: (row) => row.dataset.kind },
  ], 200)); // more would take longer to lay out than a letter to type
}

// --- tables: sorted by a click on a heading ---

for (const box of document.querySelectorAll(".sortable")) {
  const body = box.querySelector("tbody");
  const heads = [...box.querySelectorAll("thead th")];
  const rows = [...body.rows];
  const placed = heads.findIndex((head) => head.dataset.name === "plan");
  const text = (row) => [...row.cells].map((cell) => cell.title || cell.textContent).join("\n");
  bar(box, rows, text, [{ name: box.dataset.places, of: (row) => row.cells[placed].textContent }]);
  const number = (cell) => {
    if (cell === "∞") return Infinity;
    const value = parseFloat(cell.replace(/[,<>]/g, ""));
    return Number.isNaN(value) ? null : value;
  };
  heads.forEach((head, place) => {
    const button = made("button", { type: "button", textContent: head.textContent });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const numeric = head.classList.contains("n");
      const sign = down ? 1 : -1;
      const key = (row) => {
        const cell = row.cells[place].textContent;
        return cell === "–" ? null : numeric ? number(cell) : cell;
      };
      const order = (one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        const told = numeric ? Math.sign(a - b) || 0 : a.localeCompare(b, language, { numeric: true });
        return sign * told;
      };
      body.append(...rows.sort(order));
    });
  });
}

// --- rows and parts that a link leads to: opened, in sight, and with a way back to the figure ---

let came = null;
const back = document.querySelector(".listed")?.dataset.back;
const follow = (move) => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) clear.forEach((each) => each());
  for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  document.querySelectorAll(".shown").forEach((each) => each.classList.remove("shown"));
  const row = target.querySelector(":scope > details, :scope > div");
  if (target.matches(".actions li") && row) {
    target.classList.add("shown");
    row.open = true;
    if (!target.querySelector(".back") && document.querySelector(`#matrix .mark[href="${CSS.escape(location.hash)}"], #matrix .mark[href="${location.hash}"]`)) {
      const link = made("a", { className: "back", href: "#matrix", textContent: back });
      link.addEventListener("click", (event) => {
        const mark = came ?? [...document.querySelectorAll("#matrix .mark")].find((each) => each.getAttribute("href") === `#${encodeURIComponent(target.id)}`);
        event.preventDefault();
        mark.scrollIntoView({ block: "center" });
        mark.focus();
      });
      row.append(link);
    }
    (row.querySelector("summary") ?? row).focus({ preventScroll: true });
  }
  if (move) target.scrollIntoView({ block: "start" });
};
addEventListener("hashchange", () => follow(true));
if (location.hash) follow(true);

// --- marks: their words on hover, focus and tap; arrows go from one to the next; buttons filter them by group ---

const tip = made("div", { className: "tip", hidden: true, ariaHidden: "true" });
document.body.append(tip);
const point = (mark) => {
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  const [at, size] = [mark.getBoundingClientRect(), tip.getBoundingClientRect()];
  const room = document.documentElement.clientWidth - size.width - 8;
  const above = at.top - size.height - 8;
  tip.style.left = `${scrollX + Math.max(8, Math.min(at.left + at.width / 2 - size.width / 2, room))}px`;
  tip.style.top = `${scrollY + (above > 48 ? above : at.bottom + 8)}px`;
};
const leave = () => (tip.hidden = true);

for (const drawing of document.querySelectorAll(".drawing")) {
  const marks = [...drawing.querySelectorAll(".mark")];
  let touched = null;
  for (const mark of marks) {
    const title = mark.querySelector("title");
    mark.setAttribute("aria-label", title?.textContent ?? "");
    title?.remove(); // the browser would show it a second time
    mark.tabIndex = -1;
    mark.addEventListener("pointerenter", () => point(mark));
    mark.addEventListener("pointerleave", leave);
    mark.addEventListener("focus", () => point(mark));
    mark.addEventListener("blur", leave);
    mark.addEventListener("click", (event) => {
      const second = touched === mark || event.pointerType !== "touch";
      touched = mark;
      if (!second) event.preventDefault(); // the first tap names it, the second follows it
      if (!second) point(mark);
      if (second) came = mark;
      if (second) leave();
      if (second && location.hash === mark.getAttribute("href")) follow(true);
    });
  }
  if (marks.length === 0) continue;
  drawing.addEventListener("click", (event) => { // a finger is wider than a mark
    if (event.pointerType !== "touch" || event.target.closest(".mark, .bar")) return;
    const away = (mark) => {
      const box = mark.getBoundingClientRect();
      return Math.hypot(box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
    };
    const open = marks.filter((mark) => !mark.classList.contains("off"));
    const nearest = open.reduce((one, other) => (away(other) < away(one) ? other : one), open[0]);
    touched = nearest && away(nearest) < 24 ? nearest : null;
    touched ? point(touched) : leave();
  });
  const left = (mark) => mark.getBoundingClientRect().left;
  let order = null;
  marks[0].tabIndex = 0;
  drawing.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const mark = event.target.closest?.(".mark");
    if (event.key === "Escape") leave();
    if (!step || !mark) return;
    event.preventDefault();
    order ??= marks.map((each) => [left(each), each]).sort(([a], [b]) => a - b).map(([, each]) => each);
    const seen = order.filter((each) => !each.classList.contains("off"));
    const next = seen[(seen.indexOf(mark) + step + seen.length) % seen.length];
    mark.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
  const groups = [...new Set(marks.map((mark) => mark.dataset.group).filter(Boolean))];
  if (groups.length < 2) continue;
  const chosen = new Set();
  const buttons = groups.map((name) => {
    const button = made("button", { type: "button", textContent: name, ariaPressed: "false" });
    const shape = marks.find((mark) => mark.dataset.group === name).querySelector("[fill]");
    button.style.setProperty("--group", shape.getAttribute("fill"));
    button.addEventListener("click", () => {
      chosen.has(name) ? chosen.delete(name) : chosen.add(name);
      button.ariaPressed = String(chosen.has(name));
      drawing.classList.toggle("chosen", chosen.size > 0);
      marks.forEach((mark) => mark.classList.toggle("off", chosen.size > 0 && !chosen.has(mark.dataset.group)));
      const first = marks.find((mark) => !mark.classList.contains("off"));
      marks.forEach((mark) => (mark.tabIndex = mark === first ? 0 : -1));
    });
    return button;
  });
  drawing.prepend(made("div", { className: "bar" }, ...buttons));
}

// --- the line of contents marks where the reader is; on paper everything is open but the rows ---

const links = [...document.querySelectorAll("nav a")];
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    links.forEach((link) => link.toggleAttribute("aria-current", link.hash === `#${target.id}`));
  }
}, { rootMargin: "-15% 0px -80% 0px" });
links.forEach((link) => seen.observe(document.querySelector(link.hash)));
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details.part:not([open])")];
  folded.forEach((each) => (each.open = true));
});
addEventListener("afterprint", () => folded.forEach((each) => (each.open = false)));
