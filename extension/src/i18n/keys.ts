// The keys that exist, from the English catalogues: a word that is asked for and not there is a type error.

import type common from "../locales/en/common.json";
import type create from "../locales/en/create.json";
import type matching from "../locales/en/matching.json";
import type settings from "../locales/en/settings.json";
import type mail from "../locales/en/mail.json";
import type invoices from "../locales/en/invoices.json";
import type panel from "../locales/en/panel.json";

type Single<K extends string> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
type Leaves<T, Before extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? `${Before}${Single<K>}` : Leaves<T[K], `${Before}${K}.`>;
}[keyof T & string];

export type Key = Leaves<typeof common> | Leaves<typeof create> | Leaves<typeof invoices> | Leaves<typeof mail> | Leaves<typeof matching> | Leaves<typeof panel> | Leaves<typeof settings>;
