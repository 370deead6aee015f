// Reads {script, data, at} from standard input, runs the page's script as a browser would but
// without a document, and prints the position of each craft, ITRF in km, at each instant.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const { script, data, at } = JSON.parse(readFileSync(0, "utf8"));
runInThisContext(readFileSync(script, "utf8"));
const page = globalThis.sattrackPage;
const answer = data.craft.map((craft) =>
  at.map((ms) => {
    const position = page.itrf(craft, ms, data.earth);
    return position && [...position, ...page.geodetic(position)];
  }),
);
const sun = at.map((ms) => page.sunBeneath(ms));
process.stdout.write(JSON.stringify({ craft: answer, sun }));
