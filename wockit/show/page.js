// Sort, search and filter the table of all ASINs. The page is whole without this; nothing is loaded or sent.
"use strict";
const language = document.documentElement.lang;
for (const box of document.querySelectorAll(".sortable")) {
  const body = box.querySelector("tbody");
  const heads = [...box.querySelectorAll("thead th")];
  const rows = [...body.rows];
  const placed = heads.findIndex((head) => head.dataset.name === "plan");
  const number = (text) => {
    if (text === "∞") return Infinity;
    const found = parseFloat(text.replace(/,/g, ""));
    return Number.isNaN(found) ? null : found;
  };

  const bar = document.createElement("div");
  bar.className = "bar";
  const search = Object.assign(document.createElement("input"), { type: "search", placeholder: box.dataset.search });
  search.setAttribute("aria-label", box.dataset.search);
  const filter = document.createElement("select");
  filter.setAttribute("aria-label", box.dataset.places);
  const places = [...new Set(rows.map((row) => row.cells[placed].textContent))].sort();
  filter.append(new Option(box.dataset.places, ""), ...places.map((name) => new Option(name, name)));
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  bar.append(search, filter, count);
  box.prepend(bar);

  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    let left = 0;
    for (const row of rows) {
      const fits = [...row.cells].map((cell) => cell.title || cell.textContent).join("\n").toLowerCase().includes(wanted);
      row.hidden = !fits || (filter.value !== "" && row.cells[placed].textContent !== filter.value);
      left += row.hidden ? 0 : 1;
    }
    count.textContent = box.dataset.count.replace("{0}", left).replace("{1}", rows.length);
  };
  search.addEventListener("input", show);
  filter.addEventListener("change", show);
  show();

  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "descending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "ascending" : "descending");
      const numeric = head.classList.contains("n");
      const sign = down ? 1 : -1;
      const key = (row) => {
        const text = row.cells[place].textContent;
        return text === "–" ? null : numeric ? number(text) : text;
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
