// Which of our languages a person reads, and how their numbers and dates look.

export const LANGUAGES = ["en", "fr", "id", "pl", "pt-BR", "fi"] as const;
export type Language = (typeof LANGUAGES)[number];

const REMEMBERED = "duebill.language";

/** Ours for a tag such as `pt`, `fr-CA` or `pl_PL`; English for what we do not speak. */
export function languageOf(tag: string | null | undefined): Language {
  const base = (tag ?? "").toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language.toLowerCase().split("-")[0] === base) ?? "en";
}

/** How to write numbers and dates: as the browser does where it speaks the same language, as in Britain rather than the USA. */
export function localeOf(language: Language, browser: readonly string[]): string {
  return browser.find((tag) => languageOf(tag) === language && tag.toLowerCase().startsWith(language.slice(0, 2).toLowerCase())) ?? language;
}

/** The language until the API has said which one the person chose: the last one heard, else the browser's. */
export function guessed(store: Pick<Storage, "getItem"> | null, browser: readonly string[]): Language {
  return languageOf(store?.getItem(REMEMBERED) ?? browser[0]);
}

export function remember(store: Pick<Storage, "setItem"> | null, language: Language): void {
  try {
    store?.setItem(REMEMBERED, language);
  } catch {
    // Full or forbidden: then it is guessed anew each time.
  }
}

/** The browser's storage of this kind, or null where frames may not have any. */
export function storage(kind: "localStorage" | "sessionStorage"): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}
