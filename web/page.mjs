// The page that `sattrack report` writes: its switches, tables, timeline, globe and map.
// All it knows is in the page itself; it asks nothing of any network.

import { drawGlobe, drawMap, unpacked } from "./globe.mjs";
import { errorS, geodetic, itrf, sunBeneath } from "./orbits.mjs";

export { errorS, geodetic, itrf, sunBeneath, unpacked };

const DAY_MS = 86400e3;
const WORTH_SAYING_S = 10; // as sattrack.tracking.cautions has it
const USELESS_SHARE = 0.1;
const ROWS = 60;
// Columns of a pass; see sattrack.views.report.embedded.
const [CRAFT, PLACE, FIRST, RISE_AZ, HIGHEST, ELEVATION, LAST, SET_AZ, ERROR_S] = Array(9).keys();

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

function kept(name) {
  try {
    return localStorage.getItem(`sattrack.${name}`);
  } catch {
    return null; // some browsers keep nothing for files
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`sattrack.${name}`, value);
  } catch {
    // it is asked again next time
  }
}

function start() {
  const data = JSON.parse(one("#data").textContent);
  const words = JSON.parse(one("#words").textContent);
  const coast = unpacked(data.coast);
  for (const pass of data.passes) for (const column of [FIRST, HIGHEST, LAST]) pass[column] += data.start;
  const state = { lang: data.lang, zone: "page", craft: "", place: "", rows: ROWS, lag: 0 };
  const view = { lat: 20, lon: data.places[0]?.at[1] ?? 127 };
  const now = () => Date.now() + state.lag;

  const say = (key, values = {}) =>
    (words[key]?.[state.lang] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const named = (entry) => (state.lang === "ko" && entry.name_ko) || entry.name;

  // --- Times -------------------------------------------------------------------------------
  const forms = new Map();
  function parts(ms) {
    const zone = state.zone === "page" ? data.zone : { utc: { key: "UTC" }, device: {} }[state.zone];
    // Zones that are no more than an offset have no name that every browser knows.
    const shifted = zone.offset_s === undefined ? ms : ms + zone.offset_s * 1e3;
    const key = zone.offset_s === undefined ? zone.key : "UTC";
    if (!forms.has(key)) {
      forms.set(key, new Intl.DateTimeFormat("en-GB", {
        timeZone: key, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
        hour: "2-digit", minute: "2-digit", second: "2-digit",
      }));
    }
    const found = {};
    // To the nearest second, as the tables of the command line have it.
    for (const { type, value } of forms.get(key).formatToParts(Math.round(shifted / 1e3) * 1e3)) {
      found[type] = value;
    }
    return found;
  }
  const dayOf = (ms) => {
    const t = parts(ms);
    return `${t.year}-${t.month}-${t.day}`;
  };
  const clockOf = (ms) => {
    const t = parts(ms);
    return `${t.hour}:${t.minute}:${t.second}`;
  };
  const full = (ms) => `${dayOf(ms)} ${clockOf(ms)} ${zoneName()}`;
  function zoneName() {
    if (state.zone === "utc") return "UTC";
    if (state.zone === "page") return data.zone.name;
    return Intl.DateTimeFormat().resolvedOptions().timeZone || say("zone_device");
  }
  function spell(seconds) {
    if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
    if (seconds < 99.5) return `${seconds.toFixed(0)} s`;
    if (seconds < 99.5 * 60) return `${(seconds / 60).toFixed(0)} min`;
    return `${(seconds / 3600).toFixed(1)} h`;
  }
  function length(ms) {
    const s = Math.round(ms / 1e3);
    const two = (n) => String(n).padStart(2, "0");
    if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
    return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  }

  // --- How good -----------------------------------------------------------------------------
  function trust(craft, ms) {
    if (craft.nominal) return [say(craft.illustrative ? "illustrative" : "nominal"), "planned"];
    const error = errorS(craft, ms, data.start);
    if (error === null) return ["", ""];
    if (!craft.omm) return [`± ${spell(error)}`, ""];
    if (error > USELESS_SHARE * craft.period_s) return [say("useless"), "stale"];
    const text = `± ${spell(Math.min(error, craft.period_s / 2))}`;
    return error > WORTH_SAYING_S ? [`${say("stale")}, ${text}`, "stale"] : [text, ""];
  }
  function age(craft, ms) {
    if (craft.nominal) return say("planned");
    if (!craft.omm) return say("until", { time: dayOf(craft.until) });
    const days = (ms - craft.epoch) / DAY_MS;
    return say(days < 0 ? "days_ahead" : "days_old", { days: Math.abs(days).toFixed(1) });
  }
  function notices() {
    const found = [];
    const ms = Date.now();
    if (ms > data.end) {
      found.push(["stale", say("page_over", { made: full(data.generated), end: full(data.end) })]);
    }
    const stale = data.craft.filter((craft) => trust(craft, ms)[1] === "stale");
    if (stale.length) {
      const oldest = stale.reduce((a, b) => (a.epoch < b.epoch ? a : b));
      found.push(["stale", say("stale_notice", {
        names: stale.map(named).join(", "),
        days: ((ms - oldest.epoch) / DAY_MS).toFixed(0),
      })]);
    }
    const planned = data.craft.filter((craft) => craft.nominal);
    if (planned.length) {
      found.push(["planned", say("planned_notice", { names: planned.map(named).join(", ") })]);
    }
    return found;
  }
  function showNotices() {
    const box = one("#notices");
    const wanted = notices();
    const text = JSON.stringify(wanted);
    if (box.dataset.shown === text) return;
    box.dataset.shown = text;
    box.replaceChildren(...wanted.map(([kind, words_]) => {
      const p = document.createElement("p");
      p.className = kind;
      p.textContent = words_;
      return p;
    }));
  }

  // --- Passes -------------------------------------------------------------------------------
  const chosen = (craft, place) =>
    (state.craft === "" || Number(state.craft) === craft) &&
    (state.place === "" || Number(state.place) === place);

  function cell(text, kind = "td") {
    const found = document.createElement(kind);
    found.textContent = text;
    return found;
  }
  function degrees(value, digits = 0) {
    return value === null ? "" : `${value.toFixed(digits)}°`;
  }
  function showPasses() {
    const body = one("#passes tbody");
    if (!body) return;
    const wanted = data.passes.filter((pass) => chosen(pass[CRAFT], pass[PLACE]));
    const ahead = wanted.filter((pass) => pass[LAST] >= Date.now());
    const shown = ahead.length ? ahead : wanted;
    body.replaceChildren(...shown.slice(0, state.rows).map((pass) => {
      const row = document.createElement("tr");
      const craft = data.craft[pass[CRAFT]];
      const name = cell(named(craft), "th");
      name.scope = "row";
      if (craft.nominal) {
        const mark = document.createElement("span");
        mark.className = "badge";
        mark.textContent = say("nominal_short");
        name.append(" ", mark);
      }
      const error = pass[ERROR_S];
      row.append(
        name,
        cell(named(data.places[pass[PLACE]])),
        cell(dayOf(pass[FIRST])),
        cell(pass[RISE_AZ] === null ? say("before") : clockOf(pass[FIRST])),
        cell(degrees(pass[RISE_AZ])),
        cell(clockOf(pass[HIGHEST])),
        cell(degrees(pass[ELEVATION], 1)),
        cell(pass[SET_AZ] === null ? say("after") : clockOf(pass[LAST])),
        cell(degrees(pass[SET_AZ])),
        cell(length(pass[LAST] - pass[FIRST])),
        cell(error === null ? "–" : `± ${spell(error)}`),
      );
      row.dataset.pass = data.passes.indexOf(pass);
      return row;
    }));
    one("#shown").textContent = say(ahead.length || !wanted.length ? "shown" : "shown_past", {
      shown: Math.min(state.rows, shown.length), all: shown.length, zone: zoneName(),
    });
    one("#more").hidden = shown.length <= state.rows;
    for (const item of all("#always .one")) {
      item.hidden = !chosen(Number(item.dataset.craft), Number(item.dataset.place));
    }
    for (const line of all("#always .verdict")) line.hidden = !line.querySelector(".one:not([hidden])");
  }

  // --- Timeline -----------------------------------------------------------------------------
  function showTimeline() {
    if (!one("#timeline")) return;
    const hours = Number(one("#range").value);
    const from = hours && Date.now() < data.end ? Math.max(data.start, Date.now() - 1800e3) : data.start;
    const to = hours ? Math.min(from + hours * 3600e3, data.end) : data.end;
    const minutes = (ms) => (ms - data.start) / 60e3;
    const box = [minutes(from), minutes(to) - minutes(from)];
    for (const svg of all("#timeline svg.lane")) svg.setAttribute("viewBox", `${box[0]} 0 ${box[1]} 16`);
    for (const row of all("#timeline .row")) {
      row.hidden = !chosen(Number(row.dataset.craft), Number(row.dataset.place));
    }
    for (const group of all("#timeline .place")) {
      group.hidden = all(".row", group).every((row) => row.hidden);
    }
    // Whole hours of the zone shown, at most eight of them.
    const axis = one("#axis");
    const steps = [0.5, 1, 2, 3, 6, 12, 24, 48, 96, 168, 336].map((h) => h * 3600e3);
    const step = steps.find((s) => (to - from) / s <= 8) ?? steps[steps.length - 1];
    const t = parts(from);
    const wall = Date.UTC(+t.year, t.month - 1, +t.day, +t.hour, +t.minute, +t.second);
    const offset = wall - Math.round(from / 1e3) * 1e3;
    const ticks = [];
    for (let ms = Math.ceil((from + offset) / step) * step - offset; ms <= to; ms += step) ticks.push(ms);
    axis.replaceChildren(...ticks.map((ms) => {
      const at = parts(ms);
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("x", `${((ms - from) / (to - from)) * 100}%`);
      text.setAttribute("y", "12");
      text.textContent = at.hour === "00" && at.minute === "00" ? `${at.month}-${at.day}` : `${at.hour}:${at.minute}`;
      return text;
    }));
    const share = (now() - from) / (to - from);
    const line = one("#nowline");
    line.setAttribute("x1", `${share * 100}%`);
    line.setAttribute("x2", `${share * 100}%`);
    line.setAttribute("visibility", share >= 0 && share <= 1 ? "visible" : "hidden");
  }

  // --- Where they are -----------------------------------------------------------------------
  const follow = one("#follow");
  // The path of a low craft is worth seeing; that of one at the Moon is not drawn.
  const low = data.craft.findIndex((craft) => !craft.lunar && craft.period_s < 8000);
  follow.value = String(Math.max(0, low));
  function inks() {
    const style = getComputedStyle(document.documentElement);
    const found = {};
    for (const name of ["sea", "grid", "coast", "night", "craft", "chosen", "station", "text", "faint", "ground"]) {
      found[name] = style.getPropertyValue(`--${name}`).trim();
    }
    return found;
  }
  let ink = inks();
  function at(craft, ms) {
    const position = itrf(craft, ms, data.earth);
    return position && geodetic(position);
  }
  function scene(ms) {
    const index = Number(follow.value);
    const path = [];
    const craft = data.craft[index];
    if (craft && !craft.lunar) {
      const step = craft.period_s * 1e3 / 120;
      for (let k = 0; k <= 120; k++) {
        const point = at(craft, ms + k * step);
        if (point) path.push(point);
      }
    }
    const found = data.craft.map((item, k) => ({ item, k, at: at(item, ms) })).filter((x) => x.at);
    return {
      sun: sunBeneath(ms), coast, path, ink,
      stations: data.places.map((place) => ({ name: named(place), at: place.at })),
      craft: found.map(({ item, k, at: where }) => ({
        name: named(item), at: where, chosen: k === index, hollow: item.nominal || item.lunar,
      })),
    };
  }
  const globe = one("#globe");
  const map = one("#map");
  const degreesText = (value, plus, minus) => `${Math.abs(value).toFixed(2)}° ${value >= 0 ? plus : minus}`;
  function showPositions() {
    const ms = now();
    one("#instant").textContent = full(ms);
    const drawn = scene(ms);
    drawGlobe(globe, drawn, view);
    drawMap(map, drawn);
    all("#where tbody tr").forEach((row, k) => {
      const craft = data.craft[k];
      const point = at(craft, ms);
      const [good, kind] = trust(craft, ms);
      const cells = row.cells;
      cells[0].firstChild.textContent = named(craft);
      cells[1].textContent = point ? degreesText(point[0], "N", "S") : say("unknown");
      cells[2].textContent = point ? degreesText(point[1], "E", "W") : "";
      cells[3].textContent = point ? `${Math.round(point[2]).toLocaleString("en")} km` : "";
      cells[4].textContent = age(craft, ms);
      cells[5].textContent = good;
      cells[5].className = kind;
    });
  }

  // --- Switches -----------------------------------------------------------------------------
  function translate() {
    document.documentElement.lang = state.lang;
    document.title = say("title");
    for (const node of all("[data-t]")) node.textContent = say(node.dataset.t, node.dataset);
    for (const node of all("[data-t-label]")) node.setAttribute("aria-label", say(node.dataset.tLabel, node.dataset));
    for (const node of all("[data-ko]")) {
      node.dataset.en ??= node.textContent;
      node.textContent = state.lang === "ko" ? node.dataset.ko : node.dataset.en;
    }
  }
  function showTimes() {
    for (const node of all("time[datetime]")) node.textContent = full(Date.parse(node.dateTime));
  }
  function paint(printing = false) {
    const wanted = printing === true ? "light" : one("#scheme").value;
    if (wanted === "auto") delete document.documentElement.dataset.scheme;
    else document.documentElement.dataset.scheme = wanted;
    ink = inks();
  }
  function everything() {
    translate();
    showTimes();
    showNotices();
    showPasses();
    showTimeline();
    showPositions();
  }
  function bind(selector, name, then) {
    const node = one(selector);
    if (!node) return;
    const before = kept(name);
    if (before !== null && [...node.options].some((option) => option.value === before)) node.value = before;
    then(node.value);
    node.addEventListener("change", () => {
      keep(name, node.value);
      then(node.value);
      everything();
    });
  }
  bind("#lang", "lang", (value) => { state.lang = value; });
  bind("#zone", "zone", (value) => { state.zone = value; });
  bind("#scheme", "scheme", paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { paint(); showPositions(); });
  for (const [selector, name] of [["#craft", "craft"], ["#place", "place"]]) {
    one(selector)?.addEventListener("change", (event) => {
      state[name] = event.target.value;
      state.rows = ROWS;
      showPasses();
      showTimeline();
    });
  }
  one("#range")?.addEventListener("change", showTimeline);
  one("#more")?.addEventListener("click", () => {
    state.rows = Infinity;
    showPasses();
  });
  follow.addEventListener("change", showPositions);
  const lag = one("#lag");
  const shift = () => {
    state.lag = Number(lag.value) * 60e3;
    lag.setAttribute("aria-valuetext", full(now()));
    showPositions();
    showTimeline();
  };
  lag.addEventListener("input", shift);
  one("#live").addEventListener("click", () => {
    lag.value = "0";
    shift();
  });
  globe.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -10], ArrowRight: [0, 10], ArrowUp: [10, 0], ArrowDown: [-10, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    turn(step[0], step[1]);
  });
  one("#west").addEventListener("click", () => turn(0, -30));
  one("#east").addEventListener("click", () => turn(0, 30));
  function turn(north, east) {
    view.lat = Math.max(-90, Math.min(90, view.lat + north));
    view.lon = ((view.lon + east + 540) % 360) - 180;
    showPositions();
  }
  let held = null;
  globe.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY];
    globe.setPointerCapture(event.pointerId);
  });
  globe.addEventListener("pointermove", (event) => {
    if (!held) return;
    turn((event.clientY - held[1]) / 3, (held[0] - event.clientX) / 3);
    held = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) globe.addEventListener(name, () => { held = null; });
  // On paper everything is open, and the map is drawn in the colours of paper.
  addEventListener("beforeprint", () => {
    for (const node of all("details:not([open])")) {
      node.open = true;
      node.dataset.closed = "";
    }
    paint(true);
    showPositions();
  });
  addEventListener("afterprint", () => {
    for (const node of all("details[data-closed]")) {
      node.open = false;
      delete node.dataset.closed;
    }
    paint();
    showPositions();
  });
  addEventListener("resize", showPositions);

  document.documentElement.classList.add("live");
  everything();
  let ticks = 0;
  setInterval(() => {
    if (document.hidden) return;
    showPositions();
    if (++ticks % 30 === 0) {
      showNotices();
      showPasses();
      showTimeline();
    }
  }, 1000);
}

if (typeof document !== "undefined") start();
