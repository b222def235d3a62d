import "../ui/base.css";
import { speak } from "../i18n";
import common from "../locales/en/common.json";
import { openPage } from "../ui/page";

void openPage(() => null, { size: { height: 700 }, speak: (language) => speak(language, [common]) });
