"use strict";
// The page reads and prints without this; it adds tabs, the theme's switch, values under the pointer, zoom, copying and
// refreshing. A chart's data are its paths: pixels are turned back into values by the axes' attributes.
(() => {
  const root = document.documentElement;
  const tip = document.getElementById("tip");
  const svgNs = "http://www.w3.org/2000/svg";
  const zooms = new Map(); // chart id -> [low, high] in values of x, kept over a refresh
  root.classList.add("js");

  // --- tabs: #results opens one ------------------------------------------------------------------
  function showTab() {
    let wanted = location.hash.slice(1);
    try { wanted = decodeURIComponent(wanted); } catch { /* a stray % */ }
    const sections = [...document.querySelectorAll("section[data-tab]")];
    if (!sections.length) return;
    const inside = wanted && document.getElementById(wanted);
    const chosen = sections.find(s => s.dataset.tab === wanted) ||
      sections.find(s => inside && s.contains(inside)) || sections[0];
    for (const section of sections) section.classList.toggle("active", section === chosen);
    for (const link of document.querySelectorAll("nav a")) {
      const on = link.getAttribute("href") === "#" + chosen.dataset.tab;
      link.setAttribute("aria-selected", on);
      link.tabIndex = on ? 0 : -1; // arrows go from one to the next
      if (on) link.parentElement.scrollLeft = link.offsetLeft - 40;
    }
  }
  addEventListener("hashchange", showTab);
  document.addEventListener("keydown", event => {
    const here = event.target.closest?.("nav a");
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    const tabs = [...document.querySelectorAll("nav a")], at = tabs.indexOf(here);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    next.click();
    next.focus();
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("nav a");
    if (!link) return;
    event.preventDefault(); // no jump
    history.replaceState(null, "", link.getAttribute("href"));
    showTab();
  });

  // --- light and dark ----------------------------------------------------------------------------
  const stored = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a page may be without storage */ } };
  if (stored("actlab-theme")) root.dataset.theme = stored("actlab-theme");
  const forced = new URLSearchParams(location.search).get("theme");
  if (forced === "light" || forced === "dark") root.dataset.theme = forced;
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    store("actlab-theme", root.dataset.theme);
  });

  // --- copying -----------------------------------------------------------------------------------
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard for pages from files in some browsers
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await copy(button.dataset.copy);
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1200);
  });

  // --- axes --------------------------------------------------------------------------------------
  function axis(text) {
    const [low, high, kind, unit] = text.split(" ");
    return {low: +low, high: +high, log: kind === "log", percent: unit === "percent", whole: unit === "whole"};
  }
  const toValue = (a, share) => a.log ? a.low * Math.pow(a.high / a.low, share) : a.low + share * (a.high - a.low);
  const toShare = (a, value) => a.log ? Math.log(value / a.low) / Math.log(a.high / a.low) : (value - a.low) / (a.high - a.low);

  function ticks(a, count) {
    if (a.log && a.high / a.low > 20) {
      const stride = Math.max(1, Math.ceil(Math.log10(a.high / a.low) / count));
      const found = [];
      for (let p = Math.ceil(Math.log10(a.low)); p <= Math.log10(a.high); ++p) if (p % stride === 0) found.push(10 ** p);
      if (found.length > 1) return found;
    }
    const rough = (a.high - a.low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find(f => f * power >= 0.9 * rough) * power;
    const found = [];
    for (let i = Math.ceil(a.low / step); i * step <= a.high && found.length < 30; ++i) found.push(i * step);
    return a.whole ? found.filter(Number.isInteger) : found;
  }
  function words(value, percent, digits = 4) {
    if (percent) return +(100 * value).toFixed(2) + " %";
    if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e7)) return value.toExponential(digits - 1).replace("e+", "e").replace(/\.?0+e/, "e");
    return String(+value.toPrecision(Math.max(digits, Math.floor(Math.log10(Math.abs(value) || 1)) + 1)));
  }

  // --- line charts -------------------------------------------------------------------------------
  function make(parent, name, attributes) {
    const node = document.createElementNS(svgNs, name);
    for (const key in attributes) node.setAttribute(key, attributes[key]);
    parent.append(node);
    return node;
  }
  // The points of a path of M, L and h0: [x, y] in pixels of the box.
  function pointsOf(path) {
    const points = [];
    for (const match of path.getAttribute("d").matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)) points.push([+match[1], +match[2]]);
    return points;
  }
  function nearest(points, x) {
    let low = 0, high = points.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (points[middle][0] < x) low = middle + 1; else high = middle;
    }
    return low > 0 && x - points[low - 1][0] < points[low][0] - x ? points[low - 1] : points[low];
  }

  class Chart {
    constructor(svg) {
      this.svg = svg;
      this.id = svg.dataset.chart;
      this.full = {x: axis(svg.dataset.x), y: axis(svg.dataset.y)};
      [this.left, this.top, this.width, this.height] = svg.dataset.box.split(" ").map(Number);
      this.view = {x: this.full.x, y: this.full.y};
      this.zoomed = svg.querySelector(".zoom");
      this.series = [...svg.querySelectorAll(".line[data-name]")].map(path => ({
        name: path.dataset.name, faint: path.classList.contains("faint"), css: [...path.classList].find(c => /^s\d$/.test(c)),
        points: pointsOf(path)})).filter(s => s.points.length).reverse();
      this.original = [".axis-x", ".axis-y"].map(name => svg.querySelector(name).innerHTML);
      svg.addEventListener("pointermove", event => this.move(event));
      svg.addEventListener("pointerleave", () => this.leave());
      svg.addEventListener("pointerdown", event => this.press(event));
      svg.addEventListener("pointerup", event => this.release(event));
      svg.addEventListener("dblclick", () => this.zoom(null));
      if (zooms.has(this.id)) this.zoom(zooms.get(this.id));
    }
    // Where the pointer is, in shares of the box.
    place(event) {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      return [(point.x - this.left) / this.width, (point.y - this.top) / this.height];
    }
    // From pixels of the whole chart to pixels as they are now.
    now(point) {
      const shareX = toShare(this.view.x, toValue(this.full.x, point[0] / this.width));
      const shareY = toShare(this.view.y, toValue(this.full.y, 1 - point[1] / this.height));
      return [this.left + shareX * this.width, this.top + (1 - shareY) * this.height];
    }
    clear() { for (const node of this.svg.querySelectorAll(".cursor, .spot")) node.remove(); }
    leave() { this.clear(); if (this.start === undefined) tip.style.display = "none"; }
    move(event) {
      const [x, y] = this.place(event);
      if (this.start !== undefined) return this.stretch(x);
      this.clear();
      if (x < -0.02 || x > 1.02 || y < -0.05 || y > 1.05) return void (tip.style.display = "none");
      const at = toShare(this.full.x, toValue(this.view.x, x)) * this.width;
      const hits = this.series.filter(s => !s.faint).map(s => ({s, point: nearest(s.points, at)}));
      if (!hits.length) return;
      const column = hits.reduce((a, b) => Math.abs(b.point[0] - at) < Math.abs(a.point[0] - at) ? b : a).point[0];
      const shown = hits.filter(h => Math.abs(h.point[0] - column) < this.width / 60);
      const [cx] = this.now([column, 0]);
      make(this.svg, "path", {class: "cursor", d: `M${cx} ${this.top}v${this.height}`});
      const value = toValue(this.full.x, column / this.width);
      tip.replaceChildren(line(null, (this.svg.dataset.label || "x") + " ", words(this.full.x.whole ? Math.round(value) : value, this.full.x.percent, 4)));
      for (const {s, point} of shown.slice(0, 14)) {
        const [px, py] = this.now(point);
        if (py > this.top - 6 && py < this.top + this.height + 6) make(this.svg, "circle", {class: "spot " + s.css, cx: px, cy: py, r: 4});
        tip.append(line(s.css, s.name + " ", words(toValue(this.full.y, 1 - point[1] / this.height), this.full.y.percent)));
      }
      if (!zooms.has(this.id) || !this.id) tip.append(Object.assign(document.createElement("small"), {textContent: "drag to zoom"}));
      showTip(event);
    }
    press(event) {
      const [x, y] = this.place(event);
      if (event.button !== 0 || event.pointerType === "touch" || x < 0 || x > 1 || y < 0 || y > 1.1) return;
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
      this.start = x;
      tip.style.display = "none"; // it would stand still
      this.selection = make(this.svg, "rect", {class: "select", y: this.top, height: this.height, x: 0, width: 0});
      this.clear();
    }
    stretch(x) {
      const [a, b] = [Math.max(0, Math.min(this.start, x)), Math.min(1, Math.max(this.start, x))];
      this.selection.setAttribute("x", this.left + a * this.width);
      this.selection.setAttribute("width", Math.max(0, b - a) * this.width);
    }
    release(event) {
      if (this.start === undefined) return;
      const [x] = this.place(event);
      const [a, b] = [Math.max(0, Math.min(this.start, x)), Math.min(1, Math.max(this.start, x))];
      this.selection.remove();
      this.start = undefined;
      if (b - a > 0.015) this.zoom([toValue(this.view.x, a), toValue(this.view.x, b)]);
      this.move(event); // what lies under the pointer now
    }
    // To a range of x, with the y axis fitted to what lies in it; null: all of it.
    zoom(range) {
      if (range === null) zooms.delete(this.id); else if (this.id) zooms.set(this.id, range);
      this.view = {x: range ? {...this.full.x, low: range[0], high: range[1]} : this.full.x, y: this.full.y};
      if (range) this.fit();
      const {x, y} = this.view, w = this.width, h = this.height;
      // Linear in pixels, on logarithmic axes too.
      const x0 = toShare(this.full.x, x.low) * w, x1 = toShare(this.full.x, x.high) * w;
      const y0 = (1 - toShare(this.full.y, y.high)) * h, y1 = (1 - toShare(this.full.y, y.low)) * h;
      const sx = w / (x1 - x0), sy = h / (y1 - y0);
      this.zoomed.setAttribute("transform", `translate(${-x0 * sx} ${-y0 * sy}) scale(${sx} ${sy})`);
      this.axes(range !== null);
      this.button(range !== null);
    }
    fit() {
      const x0 = toShare(this.full.x, this.view.x.low) * this.width, x1 = toShare(this.full.x, this.view.x.high) * this.width;
      let top = Infinity, bottom = -Infinity;
      for (const s of this.series) for (const [px, py] of s.points) {
        if (px < x0 || px > x1) continue;
        top = Math.min(top, py);
        bottom = Math.max(bottom, py);
      }
      if (!(bottom >= top)) return;
      const pad = Math.max(0.06 * (bottom - top), 0.002 * this.height);
      this.view.y = {...this.full.y, low: toValue(this.full.y, 1 - (bottom + pad) / this.height), high: toValue(this.full.y, 1 - (top - pad) / this.height)};
    }
    axes(zoomed) {
      const [ax, ay] = [".axis-x", ".axis-y"].map(name => this.svg.querySelector(name));
      if (!zoomed) { [ax.innerHTML, ay.innerHTML] = this.original; return; }
      ax.replaceChildren();
      ay.replaceChildren();
      const bottom = this.top + this.height;
      for (const value of ticks(this.view.x, 7)) {
        const at = this.left + toShare(this.view.x, value) * this.width;
        make(ax, "path", {class: "grid", d: `M${at} ${bottom}v5`});
        make(ax, "text", {class: "tick", x: at, y: bottom + 17, "text-anchor": "middle"}).textContent = words(value, this.full.x.percent, 7);
      }
      for (const value of ticks(this.view.y, 5)) {
        const at = this.top + (1 - toShare(this.view.y, value)) * this.height;
        make(ay, "path", {class: "grid", d: `M${this.left} ${at}h${this.width}`});
        make(ay, "text", {class: "tick", x: this.left - 7, y: at + 4, "text-anchor": "end"}).textContent = words(value, this.full.y.percent, 5);
      }
    }
    button(on) {
      const card = this.svg.closest(".card");
      card.querySelector(".reset")?.remove();
      if (!on) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "reset";
      button.textContent = "Whole range";
      button.addEventListener("click", () => this.zoom(null));
      card.append(button);
    }
  }
  // --- values under the pointer ------------------------------------------------------------------
  function line(css, name, value) {
    const row = document.createElement("div");
    if (css) {
      const dot = document.createElement("i");
      dot.className = css;
      row.append(dot);
    }
    const bold = document.createElement("b");
    bold.textContent = value;
    row.append(name, bold);
    return row;
  }
  function showTip(event) {
    tip.style.display = "block";
    const box = tip.getBoundingClientRect();
    const x = event.clientX + 16 + box.width > innerWidth ? event.clientX - box.width - 14 : event.clientX + 16;
    const y = Math.min(event.clientY + 14, innerHeight - box.height - 8);
    tip.style.left = Math.max(4, x) + "px";
    tip.style.top = Math.max(4, y) + "px";
  }

  // --- heat maps: two characters a cell, 4095 steps of the colour scale ----------------------------
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function heat(svg) {
    const rows = svg.dataset.rows.split("\n"), columns = svg.dataset.columns.split(" ");
    const scale = axis(svg.dataset.scale);
    const [left, top, width, height] = svg.dataset.box.split(" ").map(Number);
    const clear = () => { svg.querySelector(".cellmark")?.remove(); tip.style.display = "none"; };
    svg.addEventListener("pointerleave", clear);
    svg.addEventListener("pointermove", event => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const c = Math.floor((point.x - left) / width * columns.length), r = Math.floor((point.y - top) / height * rows.length);
      clear();
      if (c < 0 || r < 0 || c >= columns.length || r >= rows.length) return;
      const code = svg.dataset.heat.substr(2 * (r * columns.length + c), 2);
      const share = (digits.indexOf(code[0]) * 64 + digits.indexOf(code[1])) / 4095;
      make(svg, "rect", {class: "cellmark", x: left + c * width / columns.length, y: top + r * height / rows.length,
        width: width / columns.length, height: height / rows.length});
      tip.replaceChildren(line(null, rows[r] + ", " + svg.dataset.label + " ", columns[c]),
        line(null, "", code === "~~" || !code ? "nothing recorded" : words(toValue(scale, share), scale.percent, 3)));
      showTip(event);
    });
  }

  // --- layers: the histograms of any examination, by a slider ---------------------------------------
  function layers(box) {
    const slider = box.querySelector(".slider");
    if (!slider) return;
    const range = slider.querySelector("input"), times = slider.dataset.times.split(" "), play = slider.querySelector(".play");
    const charts = [...box.querySelectorAll("svg[data-frames]")].map(svg => ({
      path: svg.querySelector(".now"), view: svg.dataset.view.split(" ").map(Number),
      frames: svg.dataset.frames.split(";").map(f => f.split(" "))}));
    const bars = [...box.querySelectorAll("[data-shares]")].map(bar => ({
      parts: [...bar.querySelectorAll("b i")], words: bar.querySelector("small"), when: bar.querySelector("span"),
      frames: bar.dataset.shares.split(";").map(f => f.trim().split(" ").map(Number))}));
    const names = ["flat", "zero", "bend", "linear"];
    function show(i) {
      range.value = i;
      slider.querySelector("output").textContent = times[i];
      for (const {path, view: [low, high, left, width, bottom, height], frames} of charts) {
        const [from, to, code] = frames[i] || [];
        if (!path) continue;
        const x = value => (left + (value - low) / (high - low) * width).toFixed(1);
        let d = "";
        for (let j = 0; code && j < code.length; ++j) {
          const a = Math.max(+from + j * (to - from) / code.length, low), b = Math.min(+from + (j + 1) * (to - from) / code.length, high);
          if (a < b) d += (d ? "" : `M${x(a)} ${bottom}`) + `V${(bottom - height * digits.indexOf(code[j]) / 63).toFixed(1)}H${x(b)}`;
        }
        path.setAttribute("d", d ? d + `V${bottom}Z` : "");
      }
      for (const bar of bars) {
        bar.parts.forEach((part, j) => { part.style.flex = bar.frames[i][j]; });
        if (bar.words) bar.words.textContent = names.map((n, j) => [n, bar.frames[i][j]]).filter(p => p[1] >= 0.005).map(p => `${p[0]} ${Math.round(100 * p[1])} %`).join(" · ");
        bar.when.textContent = +i === times.length - 1 ? "after" : times[i];
      }
    }
    range.addEventListener("input", () => show(range.value));
    let timer;
    play.addEventListener("click", event => {
      event.preventDefault();
      if (timer) { clearInterval(timer); timer = undefined; play.textContent = "▶ Play"; return; }
      let i = +range.value === times.length - 1 ? 0 : +range.value;
      play.textContent = "❚❚ Stop";
      show(i);
      timer = setInterval(() => { if (++i < times.length) show(i); else play.click(); }, 450);
    });
  }

  // --- the confusion matrix: a cell in words, and its pictures ---------------------------------------
  function confusion(table) {
    const mistakes = [...table.closest(".grid").querySelectorAll(".mistake")];
    for (const cell of table.querySelectorAll("td[title]")) { cell.dataset.words = cell.title; cell.removeAttribute("title"); }
    table.addEventListener("pointermove", event => {
      const cell = event.target.closest("td[data-words]");
      if (!cell) return void (tip.style.display = "none");
      tip.replaceChildren(line(null, cell.dataset.words, ""));
      showTip(event);
    });
    table.addEventListener("pointerleave", () => { tip.style.display = "none"; });
    function filter(cell) {
      table.querySelector(".chosen")?.classList.remove("chosen");
      const gallery = mistakes[0]?.closest(".card");
      gallery?.querySelector(".confusion-note")?.remove();
      for (const m of mistakes) {
        const fits = cell && m.dataset.label === cell.dataset.label && m.dataset.predicted === cell.dataset.predicted;
        m.classList.toggle("in", !!fits);
        m.classList.toggle("out", !!cell && !fits);
      }
      if (!cell || !gallery) return;
      cell.classList.add("chosen");
      const shown = mistakes.filter(m => m.classList.contains("in")).length;
      const note = Object.assign(document.createElement("p"), {className: "confusion-note"});
      const all = Object.assign(document.createElement("button"), {type: "button", textContent: "Show all"});
      all.addEventListener("click", () => filter(null));
      note.append(`${cell.dataset.words} · ${shown ? shown + " shown, the surest" : "none kept"}`, all);
      gallery.querySelector(".mistakes").before(note);
      gallery.scrollIntoView({block: "nearest", behavior: "smooth"});
    }
    table.addEventListener("click", event => {
      const cell = event.target.closest("td[data-label]");
      if (cell) filter(cell.classList.contains("chosen") ? null : cell);
    });
  }

  // --- charts as files -----------------------------------------------------------------------------
  function standalone(svg) {
    const clone = svg.cloneNode(true), [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    for (const node of clone.querySelectorAll(".cursor, .spot, .cellmark, .select")) node.remove();
    clone.setAttribute("width", width);
    clone.setAttribute("height", height);
    if (root.dataset.theme) clone.dataset.theme = root.dataset.theme;
    const style = document.createElementNS(svgNs, "style");
    style.textContent = document.querySelector("style").textContent.split("*, *::before")[0] + "svg{background:var(--card)}";
    clone.prepend(style);
    return {text: new XMLSerializer().serializeToString(clone), width, height};
  }
  function download(url, name) {
    const link = Object.assign(document.createElement("a"), {href: url, download: name});
    document.body.append(link);
    link.click();
    link.remove();
  }
  const svgUrl = text => "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  async function savePng({text, width, height}, name) {
    const image = new Image(), scale = 2;
    image.src = svgUrl(text);
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: scale * width, height: scale * height});
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    download(canvas.toDataURL("image/png"), name + ".png");
  }
  function saving(card) {
    const svg = card.querySelector("svg.plot");
    if (!svg || card.querySelector(":scope > .save")) return;
    const title = card.querySelector("figcaption b")?.firstChild?.textContent || svg.getAttribute("aria-label") || "chart";
    const name = (document.querySelector("h1").textContent + "-" + title).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
    const box = Object.assign(document.createElement("span"), {className: "save"});
    for (const kind of ["SVG", "PNG"]) {
      const button = Object.assign(document.createElement("button"), {type: "button", textContent: kind, title: "save this chart"});
      button.addEventListener("click", () => kind === "SVG" ? download(svgUrl(standalone(svg).text), name + ".svg") : savePng(standalone(svg), name));
      box.append(button);
    }
    card.append(box);
  }

  // --- start, and again with every newer page ------------------------------------------------------
  function begin() {
    for (const svg of document.querySelectorAll("svg[data-chart]")) new Chart(svg);
    for (const svg of document.querySelectorAll("svg[data-heat]")) heat(svg);
    for (const box of document.querySelectorAll(".layers")) layers(box);
    for (const table of document.querySelectorAll("table.confusion")) confusion(table);
    for (const card of document.querySelectorAll(".card")) saving(card);
    showTab();
  }
  addEventListener("beforeprint", () => { for (const run of document.querySelectorAll("details")) run.open = true; });
  begin();

  async function refresh() {
    const status = () => document.querySelector(".status");
    try {
      const answer = await fetch(location.pathname, {cache: "no-store"});
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const open = new Set([...document.querySelectorAll("details[open]")].map(d => d.id));
      const scrolled = scrollY;
      for (const name of [".title", "nav", "main"]) document.querySelector(name).replaceWith(document.importNode(page.querySelector(name), true));
      for (const run of document.querySelectorAll("details")) run.open = run.open || open.has(run.id);
      tip.style.display = "none";
      begin();
      scrollTo(0, scrolled);
      if (!page.body.dataset.refresh) return; // training is over
    } catch {
      if (status()) { status().textContent = "connection lost"; status().className = "status lost"; }
    }
    setTimeout(refresh, 1000 * +document.body.dataset.refresh);
  }
  if (document.body.dataset.refresh) setTimeout(refresh, 1000 * +document.body.dataset.refresh);
})();
