// The panel of a deal.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Panel } from "../api/types";
import { format, language, t } from "../i18n";
import { sayError, sayNotice } from "../i18n/problems";
import { Plus, Refresh } from "../ui/icons";
import type { PageProps } from "../ui/page";
import { Bar, Button, Menu, Note } from "../ui/parts";
import { share } from "../logic/format";
import { IntentRow, Duplicate } from "./IntentRow";
import { InvoiceRow } from "./InvoiceRow";
import { Bones, Empty, Failed, Reconnect } from "./states";
import { useHeight } from "./useHeight";
import { unlinkChoices } from "./unlink";
import { usePanel } from "./usePanel";

export function PanelPage({ host, api, around, onLanguage }: PageProps) {
  const root = useHeight(host);
  return (
    <main ref={root}>
      <h1 class="hidden">{t("panel.title")}</h1>
      {around.deal === null ? <p class="state">{t("common.opened_elsewhere")}</p> : <DealPanel host={host} api={api} deal={around.deal} onLanguage={onLanguage} />}
    </main>
  );
}

function DealPanel({ host, api, deal, onLanguage }: Omit<PageProps, "around"> & { deal: number }) {
  const onPanel = useCallback((heard: Panel) => onLanguage(heard.language), [onLanguage]);
  const { panel, error, reload, refresh } = usePanel(api, deal, onPanel);
  useEffect(() => host.onModalClosed(() => void reload()), [host, reload]);
  const openModal = useCallback((view: string, more: Record<string, string> = {}) => host.openModal({ ...more, view, deal: String(deal), language: language() }).then(reload, (failure: unknown) => host.say(sayError(failure))), [host, deal, reload]);

  if (panel === null) return error === null ? <Bones /> : <Failed error={error} host={host} again={reload} />;
  const askBooks = async () => { if (await refresh()) host.say(t("panel.refreshed")); };
  return (
    <div class="panel">
      <Head panel={panel} onCreate={() => openModal("create")} onRefresh={askBooks} choices={[
        { label: t("common.all_invoices"), choose: () => void openModal("invoices") },
        ...unlinkChoices(panel, api, host, deal),
        { label: t("common.open_settings"), choose: () => host.openSettings(), apart: true },
      ]} />
      {error !== null && <Note tone="bad" live>{sayError(error)}</Note>}
      {panel.notices.map((notice) => <Note tone="warn" live key={notice.code + notice.message}>{sayNotice(notice)}</Note>)}
      <Reconnect panel={panel} host={host} />
      {panel.possible_duplicates.map((intent) => <Duplicate key={intent.key} intent={intent} />)}
      {panel.invoices.length + panel.intents.length === 0
        ? <Empty panel={panel} onCreate={() => openModal("create")} />
        : (
          <ul class="invoices">
            {panel.intents.map((intent) => <IntentRow key={intent.key} intent={intent} panel={panel} onAgain={() => openModal("create")} />)}
            {panel.invoices.map((invoice) => <InvoiceRow key={`${invoice.connection_id}/${invoice.id}`} invoice={invoice} panel={panel} api={api} host={host} deal={deal} onDone={reload} onCopy={() => openModal("create", { connection: invoice.connection_id, copy: invoice.id })}
                onEmail={() => openModal("email", { connection: invoice.connection_id, invoice: invoice.id })} />)}
          </ul>
        )}
    </div>
  );
}

interface HeadProps {
  panel: Panel;
  onCreate: () => unknown;
  onRefresh: () => unknown;
  choices: { label: string; choose: () => void; apart?: boolean }[];
}

function Head({ panel, onCreate, onRefresh, choices }: HeadProps) {
  const mayCreate = panel.deal.rights.includes("create");
  const isEmpty = panel.invoices.length + panel.intents.length === 0;
  return (
    <header class="tight">
      <div class="spread">
        <div class="row">
          {mayCreate && !isEmpty && <Button className="act" work={onCreate} label={t("panel.new_label")}><Plus />{t("panel.new")}</Button>}
          <Age panel={panel} />
        </div>
        <div class="row">
          <Button className="icon" work={onRefresh} label={t("panel.refresh")}><Refresh /></Button>
          <Menu label={t("panel.menu")} choices={choices} />
        </div>
      </div>
      <Invoiced panel={panel} />
    </header>
  );
}

function Age({ panel }: { panel: Panel }) {
  // The server's clock at the answer and ours since: the two need not agree.
  const received = useMemo(() => ({ panel, at: Date.now() }).at, [panel]);
  const [, setTick] = useState(0);
  useEffect(() => {
    const ticking = setInterval(() => setTick((tick) => tick + 1), 30_000);
    return () => clearInterval(ticking);
  }, []);
  if (panel.checked_at === null) return null;
  const now = new Date(Date.parse(panel.now) + Date.now() - received);
  return <span class="soft small">{t("panel.checked", { ago: format().ago(panel.checked_at, now) })}</span>;
}

function Invoiced({ panel: { deal } }: { panel: Panel }) {
  const [sum, ...others] = deal.invoiced;
  if (!sum) return null;
  const value = deal.value;
  if (!value || others.length || value.currency !== sum.currency || Number(value.amount) <= 0) {
    return <p class="soft small">{t("panel.invoiced", { invoiced: deal.invoiced.map(format().money).join(" + ") })}</p>;
  }
  const words = t("panel.invoiced_of", { invoiced: format().money(sum), value: format().money(value) });
  return <div class="tight"><p class="soft small">{words}</p><Bar share={share(sum.amount, value.amount)} label={words} /></div>;
}
