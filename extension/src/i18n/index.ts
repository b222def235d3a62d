// The words. Keys are those of the English catalogue; the build refuses a language that lacks one.

import { createInstance } from "i18next";
import { formats, type Formats } from "../logic/format";
import type { Key } from "./keys";
import { guessed, type Language, localeOf, remember, storage } from "./languages";

export type Catalogue = Record<string, unknown>;

const words = createInstance();
let spoken: Language = "en";
let written: Formats = formats("en");

/** Speak this language from now on; `catalogues` are laid over each other. */
export function speak(language: Language, catalogues: Catalogue[]): void {
  const translation = Object.assign({}, ...catalogues) as Catalogue;
  // Values are not escaped: they become text nodes, never HTML.
  if (!words.isInitialized) void words.init({ lng: language, resources: {}, interpolation: { escapeValue: false }, initAsync: false });
  words.addResourceBundle(language, "translation", translation, true, true);
  void words.changeLanguage(language);
  spoken = language;
  written = formats(localeOf(language, navigator.languages));
  document.documentElement.lang = language;
}

/** More words of a language that is spoken already. */
export function learn(language: Language, catalogues: Catalogue[]): void {
  for (const catalogue of catalogues) words.addResourceBundle(language, "translation", catalogue, true, true);
}

export type Values = Record<string, string | number>;

/** The words for a key, with its values; `count` chooses the plural. */
export const t = (key: Key, values: Values = {}): string => words.t(key, values);

/** The words for a key that is put together at run time, as from a server's code; null where there are none. */
export const found = (key: string, values: Values = {}): string | null => (words.exists(key, values) ? words.t(key, values) : null);

export const language = (): Language => spoken;
export const format = (): Formats => written;

export const guess = (): Language => guessed(storage("localStorage"), navigator.languages);
export const rememberLanguage = (heard: Language): void => remember(storage("localStorage"), heard);
