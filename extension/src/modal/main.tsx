import "../ui/base.css";
import "../ui/forms.css";
import "./modal.css";

import { speak } from "../i18n";
import { loader } from "../i18n/loading";
import { surroundings } from "../surroundings";
import { openPage } from "../ui/page";
import { ModalPage } from "./ModalPage";

const load = loader(import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/{common,panel,create,invoices,mail,problems}.json"));

// An e-mail needs less room than a form or a list.
const isMail = surroundings(location.search).data["view"] === "email";

void openPage(ModalPage, { size: isMail ? { height: 560, width: 640 } : { height: 720, width: 960 }, speak: async (language) => speak(language, await load(language)) });
