import "../ui/base.css";
import "./panel.css";

import { speak } from "../i18n";
import type { Language } from "../i18n/languages";
import { openPage } from "../ui/page";
import { PanelPage } from "./PanelPage";
import { FirstSight } from "./states";

// All languages at once: the panel's words are few, and no request more stands between a deal and its invoices.
const texts = import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/{common,panel}.json", { eager: true });

const catalogues = (language: Language) =>
  Object.entries(texts).filter(([path]) => path.includes(`/${language}/`)).map(([, module]) => module.default);

void openPage(PanelPage, { size: { height: 160 }, speak: (language) => speak(language, catalogues(language)), FirstSight });
