// Builds the pages into functions/app_extension/static/: for each a document of its own with its style inside it and one
// script, everything that a page may load later under assets/ by its hash, and all of it compressed beforehand.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";
import { checkCatalogues } from "./catalogues.mjs";
import { checkBudgets } from "./budgets.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const TARGET = join(ROOT, "..", "functions", "app_extension", "static");
const PAGES = ["panel", "modal", "settings"];

/** @typedef {import("vite").Rollup.RollupOutput} RollupOutput */

/** @param {string} page */
async function bundle(page) {
  const output = await build({
    root: ROOT,
    configFile: false,
    logLevel: "warn",
    base: "/extension/",
    esbuild: { legalComments: "none" },
    build: {
      write: false,
      target: ["chrome120", "firefox121", "safari17"],
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: 0,
      rollupOptions: {
        input: { [page]: join(ROOT, "src", page, "main.tsx") },
        output: { entryFileNames: "assets/[name]-[hash].js", chunkFileNames: "assets/[name]-[hash].js" },
      },
    },
  });
  return /** @type {RollupOutput} */ (output).output;
}

/**
 * The document. Its only style is inside it, so that nothing is waited for but the script; its only script is not.
 * @param {string} script @param {string} style
 */
const document = (script, style) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
  `<meta name="referrer" content="no-referrer"><title>Duebill</title><style>${style}</style>` +
  `<script type="module" src="/extension/${script}"></script></head><body><div id="page"></div></body></html>\n`;

/** @param {string} name @param {string | Uint8Array} content */
function write(name, content) {
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
  const path = join(TARGET, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

checkCatalogues(join(ROOT, "src", "locales"));
rmSync(TARGET, { recursive: true, force: true });
/** @type {Record<string, string>} */
const styles = {};
for (const page of PAGES) {
  let script = "";
  let style = "";
  for (const file of await bundle(page)) {
    if (file.type === "asset") {
      style += String(file.source).trim();
    } else {
      write(file.fileName, file.code);
      if (file.isEntry) script = file.fileName;
    }
  }
  write(`${page}.html`, document(script, style));
  styles[page] = `sha256-${createHash("sha256").update(style).digest("base64")}`;
}
// What the policy of each document allows: its own style and no other.
writeFileSync(join(TARGET, "styles.json"), JSON.stringify(styles));
checkBudgets(TARGET, PAGES);
console.log(`${readdirSync(join(TARGET, "assets")).length} files of assets, ${readFileSync(join(TARGET, "styles.json")).length} bytes of policies.`);
