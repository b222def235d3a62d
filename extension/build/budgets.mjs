// What a page may weigh as it is served: its document, with the style inside, and its script.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const KILOBYTE = 1000;
/** @type {Record<string, number>} */
const LIMITS = { panel: 60, modal: 90, settings: 90 };

/** @param {string} target @param {string[]} pages */
export function checkBudgets(target, pages) {
  const over = [];
  for (const page of pages) {
    const script = /src="\/extension\/(assets\/[^"]+)"/.exec(readFileSync(join(target, `${page}.html`), "utf8"))?.[1] ?? "";
    const sizes = [`${page}.html`, script].map((name) => statSync(join(target, `${name}.br`)).size);
    const weight = sizes.reduce((sum, size) => sum + size, 0) / KILOBYTE;
    console.log(`${page}: ${weight.toFixed(1)} kB as served (document with style ${sizes[0]} B, script ${sizes[1]} B), limit ${LIMITS[page]} kB`);
    if (weight > (LIMITS[page] ?? 0)) over.push(page);
  }
  if (over.length) throw new Error(`Too heavy: ${over.join(", ")}.`);
}
