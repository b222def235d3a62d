// Settings: which books, what fills an invoice, who may do what.

import { Fragment } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { ConnectionList } from "../api/types";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { Lock, Warning } from "../ui/icons";
import type { PageProps } from "../ui/page";
import { Button } from "../ui/parts";
import { Books } from "./Books";
import { CompanyCard } from "./CompanyCard";
import { ConnectionCard } from "./ConnectionCard";
import { Help } from "./Help";
import { MatchingCard } from "./Matching";

export function SettingsPage({ host, api, onLanguage }: PageProps) {
  const [list, setList] = useState<ConnectionList | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = useCallback(async () => {
    try {
      const found = await api.get("/connections");
      onLanguage(found.language);
      setList(found);
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  }, [api, onLanguage]);
  useEffect(() => { void load(); }, [load]);

  if (!list) {
    if (error === null) return <p class="state soft" role="status">{t("common.loading")}</p>;
    return (
      <section class="state" role="alert">
        <Warning size={32} />
        <h1>{t("settings.failed_title")}</h1>
        <p class="soft">{sayError(error)}</p>
        <div class="row"><Button className="act" work={load}>{t("common.try_again")}</Button></div>
      </section>
    );
  }
  const working = list.connections.filter((each) => each.health === "active" && each.may_configure);
  return (
    <main class="settings">
      <h1>{t("settings.title")}</h1>
      {!list.may_connect && list.manager_name && (
        <section class="note"><Lock /><div><strong>{t("panel.manages", { name: list.manager_name })}</strong><p>{t("settings.managed_text", { name: list.manager_name })}</p></div></section>
      )}
      <Books list={list} api={api} host={host} onList={setList} />
      {list.may_connect && list.connections.length > 0 && <CompanyCard list={list} api={api} host={host} onSaved={load} />}
      {working.map((connection) => (
        <Fragment key={connection.id}>
          <ConnectionCard connection={connection} api={api} host={host} />
          <MatchingCard connection={connection} api={api} host={host} />
        </Fragment>
      ))}
      <Help list={list} />
    </main>
  );
}
