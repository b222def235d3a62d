// Catalogues of one language, fetched when it is spoken.

import type { Catalogue } from ".";
import type { Language } from "./languages";

type Modules = Record<string, () => Promise<{ default: Catalogue }>>;

/** A catalogue that cannot be fetched, as after a new release while the page is open, is not worth a dead page: English is tried. */
export function loader(modules: Modules) {
  const of = (language: Language) => Promise.all(Object.entries(modules).filter(([path]) => path.includes(`/${language}/`)).map(async ([, load]) => (await load()).default));
  return (language: Language): Promise<Catalogue[]> => of(language).catch(() => of("en"));
}
