// Sort and search the tables of a notebook, and point at its figures. They are whole without this; nothing is loaded or
// sent.
(() => {
  if (window.wockitLive) return;
  window.wockitLive = true;
  const WORDS = { search: "{{search}}", count: "{{count}}" };
  const LONG = 8;
  const number = (text) => (text === "∞" ? Infinity : text === "-∞" ? -Infinity : /^[<>+-]?[\d.,]+ ?%?$/.test(text) ? parseFloat(text.replace(/[,<>]/g, "")) : NaN);
  const missing = (text) => text === "–" || text === "" || text === "NaN";
  const text = (row, place) => row.cells[place].textContent.trim();

  function enliven(table) {
    const body = table.tBodies[0];
    const rows = [...(body ? body.rows : [])];
    const heads = [...(table.tHead ? table.tHead.rows[0].cells : [])];
    if (rows.length < 2 || rows.some((row) => row.cells.length !== heads.length)) return;
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: head.textContent });
      button.style.cssText = "all:unset;cursor:pointer;outline-offset:2px";
      button.addEventListener("focus", () => (button.style.outline = "2px solid #2f7fd1"));
      button.addEventListener("blur", () => (button.style.outline = "none"));
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const rising = head.getAttribute("aria-sort") === "descending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", rising ? "ascending" : "descending");
        const numeric = rows.every((row) => missing(text(row, place)) || !Number.isNaN(number(text(row, place))));
        const order = (one, other) => {
          const [a, b] = [text(one, place), text(other, place)];
          if (missing(a) || missing(b)) return missing(a) - missing(b);
          const apart = numeric ? Math.sign(number(a) - number(b)) || 0 : a.localeCompare(b, undefined, { numeric: true });
          return rising ? apart : -apart;
        };
        body.append(...rows.sort(order));
      });
    });
    if (rows.length < LONG) return;
    const bar = document.createElement("div");
    bar.style.cssText = "display:flex;gap:10px;align-items:center;margin:4px 0;font-size:12px";
    const search = Object.assign(document.createElement("input"), { type: "search", placeholder: WORDS.search });
    search.setAttribute("aria-label", WORDS.search);
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const show = () => {
      const wanted = search.value.trim().toLowerCase();
      for (const row of rows) {
        const words = [...row.cells].map((cell) => `${cell.title} ${cell.textContent}`).join("\n");
        row.hidden = !words.toLowerCase().includes(wanted);
      }
      const left = rows.filter((row) => !row.hidden).length;
      count.textContent = WORDS.count.replace("{0}", left).replace("{1}", rows.length);
    };
    search.addEventListener("input", show);
    bar.append(search, count);
    table.before(bar);
    bar.dataset.lmSuppressShortcuts = "true";
    show();
  }

  // A picture gives way to the same figure as SVG, whose marks have titles.
  function pointed(source) {
    const box = source.parentNode;
    const drawn = new DOMParser().parseFromString(source.textContent, "image/svg+xml").documentElement;
    if (drawn.nodeName !== "svg") return;
    drawn.style.background = "#fff";
    for (const mark of drawn.querySelectorAll("a.mark")) {
      mark.removeAttribute("href");
      mark.setAttribute("tabindex", "0");
    }
    box.replaceChildren(document.importNode(drawn, true));
  }

  const look = () => {
    if (document.readyState === "loading") return; // half of a table may be there
    for (const source of document.querySelectorAll('.jp-RenderedHTML .wockit-figure > script')) pointed(source);
    for (const table of document.querySelectorAll(".jp-RenderedHTML table:not([data-sorting])")) {
      table.dataset.sorting = table.dataset.lmSuppressShortcuts = "yes";
      enliven(table);
    }
  };
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      look();
    });
  }).observe(document.documentElement, { childList: true, subtree: true });
  const style = document.createElement("style");
  style.textContent =
    "th[aria-sort] button::after{content:' ▾'}th[aria-sort=ascending] button::after{content:' ▴'}[data-sorting] tr[hidden]{display:none}";
  document.head.append(style);
  document.addEventListener("DOMContentLoaded", look);
  look();
})();
