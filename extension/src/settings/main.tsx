import "../ui/base.css";
import "../ui/forms.css";
import "./settings.css";

import { speak } from "../i18n";
import { loader } from "../i18n/loading";
import { openPage } from "../ui/page";
import { SettingsPage } from "./SettingsPage";

const load = loader(import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/{common,panel,create,settings,matching,problems}.json"));

void openPage(SettingsPage, { size: { height: 800 }, speak: async (language) => speak(language, await load(language)) });
