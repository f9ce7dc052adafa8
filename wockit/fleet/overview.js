// Sort and search the table of accounts. The page is whole without this; nothing is loaded or sent.
"use strict";
const language = document.documentElement.lang;
for (const box of document.querySelectorAll(".accounts")) {
  const body = box.querySelector("tbody");
  const heads = [...box.querySelectorAll("thead th")];
  const rows = [...body.rows];

  const bar = document.createElement("div");
  bar.className = "bar";
  const search = Object.assign(document.createElement("input"), { type: "search", placeholder: box.dataset.search });
  search.setAttribute("aria-label", box.dataset.search);
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  bar.append(search, count);
  box.before(bar);
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    let left = 0;
    for (const row of rows) {
      row.hidden = !texts.get(row).includes(wanted);
      left += row.hidden ? 0 : 1;
    }
    count.textContent = box.dataset.count.replace("{0}", left).replace("{1}", rows.length);
  };
  search.addEventListener("input", show);
  show();

  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    const numeric = head.classList.contains("n");
    const key = (row) => {
      const cell = row.cells[place];
      const text = cell ? (cell.dataset.value ?? cell.textContent.trim()) : "";
      if (text === "" || text === "–") return null;
      return numeric ? Number(text) : text;
    };
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") === (numeric ? "descending" : null);
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const sign = up ? 1 : -1;
      rows.sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        return sign * (numeric ? Math.sign(a - b) || 0 : a.localeCompare(b, language, { numeric: true }));
      });
      body.append(...rows);
    });
  });
}
