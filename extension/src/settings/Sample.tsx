// What would stand on the invoice of a deal with the mapping as it is chosen now, saved or not. Nothing is written.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { CompanySettings, DealTitle, MappedDetails } from "../api/types";
import { t } from "../i18n";
import { sayError, sayFact } from "../i18n/problems";
import { previewer, type Previewer, type PreviewState } from "../logic/preview";
import { Picker, type Found } from "../ui/Picker";
import { Button, Note } from "../ui/parts";

type Mapped = CompanySettings["mapping"];
interface Tried { deal_id: number; mapping: Mapped }

const found = (deal: DealTitle): Found<DealTitle> => ({ id: String(deal.id), label: deal.title, value: deal });

export function Sample({ mapping, api }: { mapping: Mapped; api: Api }) {
  const [newest, setNewest] = useState<DealTitle[] | null>(null);
  const [deal, setDeal] = useState<DealTitle | null>(null);
  const [choosing, setChoosing] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const [state, setState] = useState<PreviewState<MappedDetails>>({ answer: null, error: null, fresh: false });
  const trying = useRef<Previewer<Tried, MappedDetails> | null>(null);
  useEffect(() => {
    api.get("/settings/deals").then((deals) => {
      setNewest(deals);
      setDeal(deals[0] ?? null);
    }, setFailed);
    trying.current = previewer(async (body, signal) => (await api.ask("post", "/settings/preview", { body, signal })).data, setState);
    return () => trying.current?.stop();
  }, [api]);
  useEffect(() => { if (deal) trying.current?.change({ deal_id: deal.id, mapping }); }, [deal, mapping]);

  if (failed !== null) return <Note tone="warn" live>{sayError(failed)}</Note>;
  if (newest?.length === 0) return <p class="soft small">{t("settings.sample_none")}</p>;
  if (!deal) return null;
  const take = (chosen: DealTitle) => {
    setDeal(chosen);
    setChoosing(false);
  };
  return (
    <div class="sample">
      <div class="spread wrap">
        <p class="grow"><span class="soft">{t("settings.sample")}</span> <strong>{deal.title}</strong></p>
        <Button className="quiet" work={() => setChoosing(!choosing)}>{choosing ? t("common.cancel") : t("settings.sample_choose")}</Button>
      </div>
      {choosing && <Picker<DealTitle> label={t("settings.sample_choose")} placeholder={t("settings.sample_search")} suggested={(newest ?? []).map(found)}
        search={async (text) => (await api.get("/settings/deals", { query: { query: text } })).map(found)} onPick={take} />}
      <div role="status" aria-busy={!state.fresh} class={state.fresh ? "" : "stale"}>
        {state.error !== null && <Note tone="warn">{sayError(state.error)}</Note>}
        {state.error === null && state.answer && <Shown mapped={state.answer} />}
      </div>
      <p class="soft small">{t("settings.sample_note")}</p>
    </div>
  );
}

function Shown({ mapped: { details, problems } }: { mapped: MappedDetails }) {
  const { lines, postal_code, city, region, country } = details.address;
  const address = [...lines, [postal_code, city].filter(Boolean).join(" "), region, country].filter(Boolean);
  const rows: [string, string[]][] = [
    [t("settings.mapping_name"), [details.name]],
    [t("settings.mapping_address"), address],
    [t("settings.mapping_email"), [details.email]],
    [t("settings.mapping_tax_id"), [details.tax_id]],
  ];
  return (
    <>
      <dl class="facts">
        {rows.map(([label, texts]) => (
          <div key={label}>
            <dt class="soft small">{label}</dt>
            <dd>{texts.some(Boolean) ? texts.filter(Boolean).map((text) => <span class="block" key={text}>{text}</span>) : <span class="soft">{t("settings.sample_empty")}</span>}</dd>
          </div>
        ))}
      </dl>
      {problems.map((fact) => <Note tone="warn" key={fact.code + fact.fields.join()}>{sayFact(fact)}</Note>)}
    </>
  );
}
