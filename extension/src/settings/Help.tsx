// Answers to what people ask first, and whom to ask the rest: the operator of this deployment, where they said how.

import type { ConnectionList } from "../api/types";
import { t } from "../i18n";
import { Outside } from "../ui/icons";

const QUESTIONS = ["stop", "twice", "late"] as const;

/** Only what a link may lead to: a page, or a letter. */
const isSafe = (url: string | null | undefined): url is string => /^(https:\/\/|mailto:)/.test(url ?? "");

export function Help({ list }: { list: ConnectionList }) {
  const manager = list.manager_name || list.connections.find((each) => each.manager_name)?.manager_name;
  const { help_url: help, contact_url: contact } = list;
  return (
    <section class="card" aria-labelledby="help">
      <h2 id="help">{t("settings.help")}</h2>
      <div>
        {QUESTIONS.map((each) => <details key={each}><summary>{t(`settings.help_${each}_q`)}</summary><p class="soft">{t(`settings.help_${each}_a`)}</p></details>)}
      </div>
      {isSafe(help) || isSafe(contact) ? (
        <div class="row wrap">
          {isSafe(help) && <a class="button" href={help} target="_blank" rel="noopener noreferrer"><Outside />{t("settings.help_open")}</a>}
          {isSafe(contact) && <a class="button" href={contact} target="_blank" rel="noopener noreferrer">{t("settings.help_contact")}</a>}
        </div>
      ) : <p class="soft">{manager ? t("settings.help_ask", { name: manager }) : t("settings.help_ask_admin")}</p>}
    </section>
  );
}
