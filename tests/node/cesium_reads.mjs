// Loads CZML with Cesium and tells what it makes of it: JSON in on stdin, JSON out on stdout.
// In: {"czml": [...], "at": ["2026-11-24T02:00:00.123Z", ...]}
// Out: {id: {"name", "label", "positions": [[x, y, z] | null, ...] in metres, FIXED, "shown": [...]}}
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

// Cesium asks what is an image before it reads a text.
for (const name of ["Image", "HTMLCanvasElement", "HTMLImageElement", "HTMLVideoElement"]) {
  globalThis[name] ??= class {};
}
const require = createRequire(path.join(process.env.CESIUM_NODE_MODULES, "here.js"));
const Cesium = require("cesium");

const asked = JSON.parse(readFileSync(0, "utf-8"));
const instants = asked.at.map((text) => Cesium.JulianDate.fromIso8601(text));
const source = await Cesium.CzmlDataSource.load(asked.czml);
const found = {};
for (const entity of source.entities.values) {
  const positions = instants.map((t) => {
    const p = entity.position?.getValueInReferenceFrame(t, Cesium.ReferenceFrame.FIXED);
    return p === undefined ? null : [p.x, p.y, p.z];
  });
  const lines = instants.map((t) => {
    const ends = entity.polyline?.positions?.getValue(t);
    return ends === undefined ? null : ends.map((p) => [p.x, p.y, p.z]);
  });
  found[entity.id] = {
    name: entity.name,
    label: entity.label?.text?.getValue(instants[0]) ?? null,
    positions,
    lines,
    path: entity.path !== undefined,
    shown: instants.map((t) => entity.isAvailable(t)),
  };
}
process.stdout.write(JSON.stringify({ clock: Cesium.JulianDate.toIso8601(source.clock.startTime, 3), found }));
