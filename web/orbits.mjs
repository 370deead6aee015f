// Where craft are, from what the page holds: SGP4 by satellite.js, and samples in between.
// Lengths in km, angles in radians unless named, instants in milliseconds of Unix time.

import { gstime } from "./node_modules/satellite.js/dist/propagation/gstime.js";
import { sgp4 } from "./node_modules/satellite.js/dist/propagation/sgp4.js";
import { json2satrec } from "./node_modules/satellite.js/dist/io.js";

const DAY_MS = 86400e3;
const UNIX_EPOCH_JD = 2440587.5;
const EQUATOR_KM = 6378.137; // WGS 84
const FLATTENING = 1 / 298.257223563; // WGS 84
const POINTS = 8; // as sattrack.answers.report has it

// UT1 minus UTC in seconds and the pole in radians; beyond the table its ends hold.
function earthTurn(rows, ms) {
  let k = rows.findIndex((row) => row[0] > ms);
  if (k === 0) return rows[0].slice(1);
  if (k < 0) return rows[rows.length - 1].slice(1);
  const [before, after] = [rows[k - 1], rows[k]];
  const share = (ms - before[0]) / (after[0] - before[0]);
  return [1, 2, 3].map((i) => before[i] + share * (after[i] - before[i]));
}

// TEME to ITRF: mean sidereal time at UT1, then polar motion (AIAA 2006-6753, appendix C).
function temeToItrf(position, ms, rows) {
  const [ut1MinusUtcS, xp, yp] = earthTurn(rows, ms);
  const angle = gstime(UNIX_EPOCH_JD + (ms + ut1MinusUtcS * 1e3) / DAY_MS);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [x, y, z] = [
    cos * position.x + sin * position.y,
    cos * position.y - sin * position.x,
    position.z,
  ];
  return [x + xp * z, y - yp * z, z - xp * x + yp * y];
}

// Lagrange's polynomial through the eight samples nearest.
function between(stretch, ms) {
  const count = stretch.km.length / 3;
  const at = (ms - stretch.start) / (stretch.step_s * 1e3);
  const first = Math.min(Math.max(Math.floor(at) - POINTS / 2 + 1, 0), count - POINTS);
  const x = at - first;
  const found = [0, 0, 0];
  for (let j = 0; j < POINTS; j++) {
    let weight = 1;
    for (let k = 0; k < POINTS; k++) if (k !== j) weight *= (x - k) / (j - k);
    for (let i = 0; i < 3; i++) found[i] += weight * stretch.km[3 * (first + j) + i];
  }
  return found;
}

// The position in ITRF, or null where the page does not know it.
export function itrf(craft, ms, earth) {
  if (craft.omm) {
    craft.record ??= json2satrec(craft.omm);
    // Minutes from the epoch itself: a Julian date in one number is good to 40 microseconds only.
    const state = sgp4(craft.record, (ms - craft.epoch) / 60e3);
    if (!state || !state.position || !Number.isFinite(state.position.x)) return null;
    return temeToItrf(state.position, ms, earth);
  }
  for (const stretch of craft.samples ?? []) {
    const last = stretch.start + (stretch.km.length / 3 - 1) * stretch.step_s * 1e3;
    // Between two stretches lies a millisecond at most.
    if (ms >= stretch.start - 1 && ms <= last + 1) return between(stretch, ms);
  }
  return null;
}

// Latitude and longitude in degrees and height above the WGS 84 ellipsoid
// (Bowring 1976, twice: far below a metre from the ground to the Moon).
export function geodetic([x, y, z]) {
  const e2 = FLATTENING * (2 - FLATTENING);
  const polarKm = EQUATOR_KM * (1 - FLATTENING);
  const p = Math.hypot(x, y);
  let reduced = Math.atan2(z, (1 - FLATTENING) * p);
  let latitude = 0;
  for (let k = 0; k < 3; k++) {
    latitude = Math.atan2(
      z + (e2 / (1 - e2)) * polarKm * Math.sin(reduced) ** 3,
      p - e2 * EQUATOR_KM * Math.cos(reduced) ** 3,
    );
    reduced = Math.atan2((1 - FLATTENING) * Math.sin(latitude), Math.cos(latitude));
  }
  const [sin, cos] = [Math.sin(latitude), Math.cos(latitude)];
  const normal = EQUATOR_KM / Math.sqrt(1 - e2 * sin * sin);
  const height = p * cos + z * sin - (EQUATOR_KM * EQUATOR_KM) / normal;
  return [(latitude * 180) / Math.PI, (Math.atan2(y, x) * 180) / Math.PI, height];
}

// Where the Sun stands in the zenith, degrees: good to about 0.01 degrees
// (Astronomical Almanac, section C, low-precision formulae).
export function sunBeneath(ms) {
  const rad = Math.PI / 180;
  const jd = UNIX_EPOCH_JD + ms / DAY_MS;
  const n = jd - 2451545;
  const anomaly = (357.528 + 0.9856003 * n) * rad;
  const longitude =
    (280.46 + 0.9856474 * n + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * rad;
  const obliquity = (23.439 - 4e-7 * n) * rad;
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(longitude), Math.cos(longitude));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(longitude));
  const east = (ascension - gstime(jd)) / rad;
  return [declination / rad, ((((east + 180) % 360) + 360) % 360) - 180];
}

// How good times are, in seconds (one standard deviation); null where nothing is predicted.
export function errorS(craft, ms, start) {
  const rows = craft.errors;
  if (!rows.length) return null;
  const days = (ms - start) / DAY_MS;
  const k = rows.findIndex((row) => row[0] > days);
  if (k === 0) return rows[0][1];
  // Beyond the table errors keep on growing as they did at its end.
  const [before, after] = k > 0 ? [rows[k - 1], rows[k]] : [rows[rows.length - 2], rows[rows.length - 1]];
  if (!before) return rows[0][1];
  return before[1] + ((days - before[0]) / (after[0] - before[0])) * (after[1] - before[1]);
}
