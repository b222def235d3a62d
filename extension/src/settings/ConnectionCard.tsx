// What holds for invoices in one set of books.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Connection, ConnectionOptions, ConnectionSettings, Item } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { Select, type Option } from "../ui/fields";
import { Picker } from "../ui/Picker";
import { Button, Note } from "../ui/parts";
import { Card } from "./Card";
import { Tracking } from "./Tracking";
import { useSaved } from "./useSaved";
import { withSuggestions, withTaxCode } from "./unsaved";

const UNLINKED = ["stop", "default_item", "create_item"] as const;
const HANDLINGS = ["exclusive", "inclusive", "none"] as const;
const CREATIONS = ["save", "submit", "approve"] as const;

export function ConnectionCard({ connection, api, host }: { connection: Connection; api: Api; host: Host }) {
  const id = connection.id;
  const load = useCallback(() => api.get("/connections/{connection_id}/settings", { path: { connection_id: id } }), [api, id]);
  const store = useCallback(async (body: ConnectionSettings) => (await api.ask("put", "/connections/{connection_id}/settings", { path: { connection_id: id }, body })).data, [api, id]);
  const saved = useSaved<ConnectionSettings>(host, load, store);
  const { settings, change } = saved;
  const [options, setOptions] = useState<ConnectionOptions | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => { api.get("/connections/{connection_id}/settings/options", { path: { connection_id: id } }).then(setOptions, setError); }, [api, id]);

  if (error !== null || saved.error !== null) return <Note tone="bad" live>{connection.name}: {sayError(error ?? saved.error)}</Note>;
  if (!settings || !options) return null;
  const named = (things: { id: string; name: string }[]): Option[] => [["", t("common.none")], ...things.map((each): Option => [each.id, each.name])];
  const can = (feature: string) => options.features.includes(feature);
  return (
    <Card title={t("settings.of_books", { name: connection.name })} unsaved={saved.unsaved} problems={saved.problems} onSave={saved.save} onDiscard={saved.discard}>
      <div class="grid">
        <DefaultItem settings={settings} api={api} id={id} change={change} />
        <Select label={t("settings.unlinked_line")} value={settings.unlinked_line} options={UNLINKED.map((each): Option => [each, t(`settings.unlinked_${each}`)])} onChange={(value) => change({ unlinked_line: value as (typeof UNLINKED)[number] })} />
        <Select label={t("settings.account")} value={settings.income_account_id ?? ""} options={named(options.accounts)} onChange={(value) => change({ income_account_id: value || null })} />
        {can("terms") && <Select label={t("settings.term")} value={settings.term_id ?? ""} options={named(options.terms)} onChange={(value) => change({ term_id: value || null })} />}
        {can("templates") && <Select label={t("settings.template")} value={settings.template_id ?? ""} options={named(options.templates)} onChange={(value) => change({ template_id: value || null })} />}
        {can("approval") && (
          <Select label={t("settings.creation")} value={settings.creation ?? "save"} options={CREATIONS.filter((each) => each !== "approve" || options.may_approve).map((each): Option => [each, t(`settings.creation_${each}`)])}
            onChange={(value) => change({ creation: value as (typeof CREATIONS)[number] })} />
        )}
        <Select label={t("settings.tax_handling")} value={settings.tax_handling ?? ""} onChange={(value) => change({ tax_handling: (value || null) as (typeof HANDLINGS)[number] | null })}
          options={[["", t("settings.tax_handling_deal")], ...HANDLINGS.filter((each) => each !== "inclusive" || options.tax_model === "per_line").map((each): Option => [each, t(`settings.tax_handling_${each}`)])]} />
      </div>
      <Tracking settings={settings} options={options} change={change} />
      <TaxCodes settings={settings} options={options} change={change} />
    </Card>
  );
}

type Change = (part: Partial<ConnectionSettings>) => void;

function DefaultItem({ settings, api, id, change }: { settings: ConnectionSettings; api: Api; id: string; change: Change }) {
  if (settings.default_item_id) {
    return (
      <div class="field">
        <span class="label">{t("settings.default_item")}</span>
        <div class="picked"><span class="grow">{settings.default_item_name || settings.default_item_id}</span><Button className="plain" work={() => change({ default_item_id: null, default_item_name: "" })}>{t("common.change")}</Button></div>
      </div>
    );
  }
  return (
    <Picker<Item> label={t("settings.default_item")}
      search={async (text) => (await api.get("/connections/{connection_id}/items", { path: { connection_id: id }, query: { query: text } })).map((item) => ({ id: item.id, label: item.name, detail: item.code, value: item }))}
      onPick={(item) => change({ default_item_id: item.id, default_item_name: item.name })} />
  );
}

function TaxCodes({ settings, options, change }: { settings: ConnectionSettings; options: ConnectionOptions; change: Change }) {
  const codes = (settings.tax_codes ?? {}) as Record<string, string>;
  const suggested = options.suggested_tax_codes;
  const open = options.tax_rates.some((rate) => !codes[rate] && suggested[rate]);
  if (options.tax_rates.length === 0) return null;
  return (
    <>
      <div class="spread wrap"><h3>{t("settings.tax_codes")}</h3>{open && <Button className="quiet" work={() => change({ tax_codes: withSuggestions(codes, suggested) })}>{t("settings.take_suggested")}</Button>}</div>
      {options.tax_model === "automated" && <p class="soft small">{t("settings.tax_codes_text")}</p>}
      <div class="grid">
        {options.tax_rates.map((rate) => (
          <Select key={rate} label={t("settings.rate", { rate })} value={codes[rate] ?? ""} onChange={(code) => change({ tax_codes: withTaxCode(codes, rate, code) })}
            options={[["", t("settings.unset")], ...options.tax_codes.map((code): Option => [code.id, code.id === suggested[rate] ? t("settings.suggested", { name: code.name }) : code.name])]} />
        ))}
      </div>
    </>
  );
}
