// Builds sattrack/views/report/page.js from the files beside this one and the packages that
// package-lock.json pins, and writes its digest beside it. Run: npm ci --ignore-scripts && npm run build
// With a folder as argument both files are written there instead.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, "..", "sattrack", "views", "report");
const library = join(here, "node_modules", "satellite.js");
const { version } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
const licence = readFileSync(join(library, "LICENSE.md"), "utf8").trim();

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["page.mjs"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "sattrackPage",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  banner: { js: `/*! Contains parts of satellite.js ${version}.\n${licence}\n*/` },
  write: false,
});
const script = outputFiles[0].contents;
writeFileSync(join(folder, "page.js"), script);
const digest = createHash("sha256").update(script).digest("hex");
writeFileSync(join(folder, "page.js.sha256"), `${digest}  page.js\n`);
console.log(`page.js: ${script.length} bytes, sha256 ${digest}`);
