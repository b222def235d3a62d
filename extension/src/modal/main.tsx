import "../ui/base.css";
import "../ui/forms.css";
import "./modal.css";

import { speak } from "../i18n";
import { loader } from "../i18n/loading";
import { openPage } from "../ui/page";
import { ModalPage } from "./ModalPage";

const load = loader(import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/{common,panel,create,invoices,problems}.json"));

void openPage(ModalPage, { size: { height: 720, width: 960 }, speak: async (language) => speak(language, await load(language)) });
