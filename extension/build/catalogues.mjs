// Every language has every key of English, no other, and each plural that its grammar asks for; every text uses the same values.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SOURCE = "en";
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** @typedef {Record<string, string>} Texts */

/** @param {object} tree @returns {Texts} */
export function flat(tree, path = "") {
  return Object.entries(tree).reduce((texts, [key, value]) => {
    const name = path ? `${path}.${key}` : key;
    return typeof value === "string" ? { ...texts, [name]: value } : { ...texts, ...flat(value, name) };
  }, /** @type {Texts} */ ({}));
}

/** @param {string} text */
const values = (text) => [...text.matchAll(/\{\{\s*([\w-]+)[^}]*\}\}/g)].map((found) => found[1]).sort().join(" ");

/**
 * What is wrong with a catalogue, in sentences.
 * @param {string} language @param {Texts} source @param {Texts} texts @returns {string[]}
 */
export function faults(language, source, texts) {
  const said = [];
  const plurals = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const expected = new Map();
  for (const [key, text] of Object.entries(source)) {
    const base = key.replace(PLURAL, "");
    // A key may end like a plural and be none: a plural always has its `other`.
    if (!PLURAL.test(key) || !(`${base}_other` in source)) expected.set(key, text);
    else for (const category of plurals) expected.set(`${base}_${category}`, source[`${base}_other`] ?? text);
  }
  for (const [key, text] of expected) {
    if (!(key in texts)) said.push(`${language}: ${key} is missing`);
    else if (!texts[key]?.trim()) said.push(`${language}: ${key} is empty`);
    else if (values(texts[key] ?? "").replace(/\bcount\b ?/, "") !== values(text).replace(/\bcount\b ?/, "")) said.push(`${language}: ${key} uses other values than English`);
  }
  for (const key of Object.keys(texts)) if (!expected.has(key)) said.push(`${language}: ${key} is not in English`);
  return said;
}

/** @param {string} folder */
export function readCatalogues(folder) {
  const read = (/** @type {string} */ path) => flat(JSON.parse(readFileSync(path, "utf8")));
  const languages = readdirSync(folder);
  const files = readdirSync(join(folder, SOURCE));
  return languages.map((language) => ({ language, files: files.map((file) => ({ file, source: read(join(folder, SOURCE, file)), texts: read(join(folder, language, file)) })) }));
}

/** @param {string} folder */
export function checkCatalogues(folder) {
  const said = readCatalogues(folder).flatMap(({ language, files }) =>
    files.flatMap(({ file, source, texts }) => faults(language, source, texts).map((fault) => `${file}: ${fault}`)));
  if (said.length) throw new Error(`The catalogues do not agree:\n  ${said.join("\n  ")}`);
}
