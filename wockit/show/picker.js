// Choose ASINs: a matrix to click or to draw around, and a list to search beside it. Nothing is loaded or sent.
const TICKS = [0.5, 1, 2, 3, 4, 6, 8, 13, 26, 52, 104];
const [LEFTMOST, RIGHTMOST, ROWS, NEAR] = [0.45, 135, 200, 5];
const MARGIN = { left: 40, right: 10, top: 18, bottom: 34 };

function element(name, className, parent, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

function inside(x, y, outline) {
  let odd = false;
  for (let k = 0, last = outline.length - 1; k < outline.length; last = k++) {
    const [ax, ay] = outline[k];
    const [bx, by] = outline[last];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function render({ model, el }) {
  const [points, places, axes, words] = ["points", "places", "axes", "words"].map((name) => model.get(name));
  const count = points.asin.length;
  const every = [...Array(count).keys()];
  const rowOf = new Map(points.asin.map((asin, row) => [asin, row]));
  const haystack = every.map((row) => `${points.asin[row]} ${points.title[row]}`.toLowerCase());
  const largest = Math.max(1, ...points.value.map((value) => value ?? 0));
  const radius = every.map((row) => 4 + 11 * Math.sqrt((points.value[row] ?? 0) / largest));
  const placed = every.filter((row) => points.roas[row] !== null && points.weeks[row] !== null);
  const top = Math.max(1.6 * axes.cut, ...placed.map((row) => 1.12 * points.roas[row])) || 1;

  const box = element("div", "wockit-picker", el);
  box.dataset.lmSuppressShortcuts = "true"; // the keys belong to the list, not to the notebook
  const canvas = element("canvas", "", element("div", "map", box));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", words.map);
  const tip = element("div", "tip", canvas.parentNode);
  tip.hidden = true;
  const side = element("div", "side", box);
  const bar = element("div", "bar", side);
  const search = element("input", "", bar);
  Object.assign(search, { type: "search", placeholder: words.search });
  search.setAttribute("aria-label", words.search);
  const filter = element("select", "", bar);
  filter.setAttribute("aria-label", words.places);
  filter.append(new Option(words.places, ""), ...Object.entries(places).map(([key, [label]]) => new Option(label, key)));
  const all = element("button", "", bar, words.all);
  const none = element("button", "", bar, words.none);
  const list = element("div", "list", side);
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", words.list);
  const status = element("div", "status", side);
  status.setAttribute("role", "status");
  element("div", "status", canvas.parentNode, words.help);

  let fitting = every;
  const chosen = () => new Set(model.get("chosen"));
  const choose = (asins) => {
    model.set("chosen", points.asin.filter((asin) => asins.has(asin)));
    model.save_changes();
  };

  const show = () => {
    const wanted = search.value.trim().toLowerCase();
    const place = filter.value;
    fitting = every.filter((row) => haystack[row].includes(wanted) && (!place || points.place[row] === place));
    const now = chosen();
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    list.replaceChildren(
      ...fitting.slice(0, ROWS).map((row) => {
        const label = document.createElement("label");
        const tick = element("input", "", label);
        Object.assign(tick, { type: "checkbox", value: points.asin[row], checked: now.has(points.asin[row]) });
        const [name, colour] = places[points.place[row]];
        element("span", "dot", label).style.background = colour;
        element("b", "", label, points.asin[row]);
        element("span", "title", label, points.title[row]);
        label.title = `${points.title[row]}\n${name}`;
        element("span", "gain", label, points.gain[row]);
        return label;
      }),
    );
    if (focused) list.querySelector(`[value="${focused}"]`)?.focus();
    const more = fitting.length > ROWS ? ` ${words.more.replace("{0}", fitting.length - ROWS)}` : "";
    status.textContent = words.count.replace("{0}", now.size).replace("{1}", count) + more;
    draw();
  };
  list.addEventListener("change", (event) => {
    const now = chosen();
    if (event.target.checked) now.add(event.target.value);
    else now.delete(event.target.value);
    choose(now);
  });
  search.addEventListener("input", show);
  filter.addEventListener("change", show);
  all.addEventListener("click", () => choose(new Set(fitting.map((row) => points.asin[row]))));
  none.addEventListener("click", () => choose(new Set()));

  let [width, height] = [0, 0];
  const across = (weeks) => {
    const part = Math.log(Math.min(Math.max(weeks, 0.5), 120) / LEFTMOST) / Math.log(RIGHTMOST / LEFTMOST);
    return MARGIN.left + part * (width - MARGIN.left - MARGIN.right);
  };
  const up = (roas) => height - MARGIN.bottom - (roas / top) * (height - MARGIN.top - MARGIN.bottom);
  const at = (row) => [across(points.weeks[row]), up(points.roas[row])];
  let outline = [];

  function draw() {
    const scale = window.devicePixelRatio || 1;
    [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width) return;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    const style = getComputedStyle(box);
    const [ink, faint] = [style.getPropertyValue("--ink"), style.getPropertyValue("--faint")];
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.font = "11px sans-serif";
    const line = (x1, y1, x2, y2, dash, colour) => {
      pen.beginPath();
      pen.setLineDash(dash);
      pen.strokeStyle = colour;
      pen.lineWidth = 1;
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
      pen.stroke();
    };
    const [right, bottom] = [width - MARGIN.right, height - MARGIN.bottom];
    line(MARGIN.left, bottom, right, bottom, [], faint);
    pen.fillStyle = ink;
    pen.textAlign = "center";
    for (const week of TICKS) pen.fillText(week, across(week), bottom + 13);
    pen.fillText(words.weeks, (MARGIN.left + right) / 2, height - 5);
    for (const [weeks, text] of axes.lines) {
      line(across(weeks), MARGIN.top, across(weeks), bottom, [4, 3], faint);
      pen.fillText(text, across(weeks), MARGIN.top - 6);
    }
    line(MARGIN.left, up(axes.cut), right, up(axes.cut), [], faint);
    pen.textAlign = "right";
    const step = top > 12 ? 5 : top > 5 ? 2 : 1;
    for (let roas = 0; roas < top; roas += step) pen.fillText(roas, MARGIN.left - 5, up(roas) + 4);
    pen.textAlign = "left";
    pen.fillText(words.roas, 2, MARGIN.top - 6);
    pen.fillText(axes.name, MARGIN.left + 3, up(axes.cut) - 4);
    const now = chosen();
    const fits = new Set(fitting);
    pen.setLineDash([]);
    for (const row of placed) {
      const [x, y] = at(row);
      const taken = now.has(points.asin[row]);
      pen.beginPath();
      pen.globalAlpha = taken ? 1 : fits.has(row) ? 0.6 : 0.12;
      pen.fillStyle = places[points.place[row]][1];
      pen.arc(x, y, radius[row], 0, 2 * Math.PI);
      pen.fill();
      if (taken) {
        pen.strokeStyle = ink;
        pen.lineWidth = 2.5;
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
    if (outline.length > 1) {
      pen.beginPath();
      pen.setLineDash([4, 3]);
      pen.strokeStyle = ink;
      pen.lineWidth = 1.5;
      outline.forEach(([x, y], k) => (k ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  }

  const where = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const nearest = (x, y) => {
    let [best, least] = [null, NEAR];
    for (const row of fitting) {
      if (points.roas[row] === null || points.weeks[row] === null) continue;
      const [left, down] = at(row);
      const apart = Math.hypot(left - x, down - y) - radius[row];
      if (apart <= least) [best, least] = [row, apart];
    }
    return best;
  };
  let pressed = null;
  canvas.addEventListener("pointerdown", (event) => {
    pressed = where(event);
    outline = [pressed];
    canvas.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = where(event);
    if (pressed) {
      outline.push([x, y]);
      requestAnimationFrame(draw);
      return;
    }
    const row = nearest(x, y);
    tip.hidden = row === null;
    if (row === null) return;
    tip.textContent = [points.title[row], points.asin[row], places[points.place[row]][0], points.numbers[row]].join("\n");
    tip.style.left = `${Math.min(x + 12, width - 200)}px`;
    tip.style.top = `${y + 12}px`;
  });
  canvas.addEventListener("pointerleave", () => (tip.hidden = true));
  canvas.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    const [x, y] = where(event);
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    const drawn = outline.some(([px, py]) => Math.hypot(px - pressed[0], py - pressed[1]) > 6);
    const fits = new Set(fitting);
    const now = more ? chosen() : new Set();
    if (drawn) {
      for (const row of placed) if (fits.has(row) && inside(...at(row), outline)) now.add(points.asin[row]);
    } else {
      const row = nearest(x, y);
      const asin = row === null ? null : points.asin[row];
      if (asin && more && now.has(asin)) now.delete(asin);
      else if (asin) now.add(asin);
    }
    [pressed, outline] = [null, []];
    if (now.size) choose(now);
    draw();
  });

  model.on("change:chosen", show);
  const size = new ResizeObserver(draw);
  size.observe(canvas);
  const theme = new MutationObserver(draw); // JupyterLab says on its body whether it is light or dark
  theme.observe(document.body, { attributes: true });
  show();
  return () => [size, theme].forEach((observer) => observer.disconnect());
}

export default { render };
