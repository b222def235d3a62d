// What holds for all invoices of the company.

import { useCallback, useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { CompanySettings, ConnectionList, CrmField } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { Check, Select, Text, type Option } from "../ui/fields";
import { Note } from "../ui/parts";
import { Card } from "./Card";
import { WriteBack } from "./WriteBack";
import { useSaved } from "./useSaved";

const PARTS = ["name", "address", "email", "tax_id"] as const;
const RIGHTS = ["see", "create", "act", "approve"] as const;
const AUDIENCES = ["manager", "admins", "everyone"] as const;

export function CompanyCard({ list, api, host, onSaved }: { list: ConnectionList; api: Api; host: Host; onSaved: () => Promise<void> }) {
  const load = useCallback(() => api.get("/settings"), [api]);
  const store = useCallback(async (body: CompanySettings) => {
    const { data } = await api.ask("put", "/settings", { body });
    void onSaved();
    return data;
  }, [api, onSaved]);
  const { settings, problems, error, refused, unsaved, change, save, discard } = useSaved<CompanySettings>(host, load, store);
  const [fields, setFields] = useState<CrmField[]>([]);
  useEffect(() => { api.get("/settings/options").then((options) => setFields(options.fields), () => undefined); }, [api]);

  if (!settings) return error === null ? null : <Note tone="bad" live>{sayError(error)}</Note>;
  const books: Option[] = [["", t("settings.default_first")], ...list.connections.filter((each) => each.health !== "disconnected").map((each): Option => [each.id, each.name])];
  return (
    <Card title={t("settings.company")} unsaved={unsaved} problems={problems} onSave={save} onDiscard={discard}>
      {books.length > 2 && <div class="grid"><Select label={t("settings.default_connection")} value={settings.default_connection_id ?? ""} options={books} onChange={(id) => change({ default_connection_id: id || null })} /></div>}
      <h3>{t("settings.mapping")}</h3>
      <p class="soft small">{t("settings.mapping_text")}</p>
      <div class="grid">
        {PARTS.map((part) => <MappedField key={part} part={part} settings={settings} fields={fields} change={change} />)}
      </div>
      <h3>{t("settings.due")}</h3>
      <div class="grid">
        <Text label={t("settings.due_days")} type="number" min={0} max={365} value={String(settings.due_days)} onChange={(days) => { if (/^\d{1,3}$/.test(days)) change({ due_days: Number(days) }); }} />
      </div>
      <Check label={t("settings.use_term")} checked={settings.use_term} onChange={(use_term) => change({ use_term })} />
      <WriteBack settings={settings} refused={refused} change={change} />
      <h3>{t("settings.roles")}</h3>
      <div class="grid">
        {RIGHTS.map((right) => (
          <Select key={right} label={t(`settings.right_${right}`)} value={settings.roles[right]} options={AUDIENCES.map((each): Option => [each, t(`settings.audience_${each}`)])}
            onChange={(audience) => change({ roles: { ...settings.roles, [right]: audience as (typeof AUDIENCES)[number] } })} />
        ))}
      </div>
      <h3>{t("settings.sign_in")}</h3>
      <p class="soft small">{t("settings.sign_in_text")}</p>
    </Card>
  );
}

interface MappedFieldProps {
  part: (typeof PARTS)[number];
  settings: CompanySettings;
  fields: CrmField[];
  change: (part: Partial<CompanySettings>) => void;
}

function MappedField({ part, settings, fields, change }: MappedFieldProps) {
  const now = settings.mapping[part];
  const value = now ? `${now.record}/${now.code}` : "";
  const known = fields.map((field): Option => [`${field.record}/${field.code}`, `${field.name} (${recordName(field.record)})`]);
  // A field that was deleted in the CRM stays visible as what it is until another is chosen.
  const options: Option[] = [["", t("settings.mapping_empty")], ...(now && !known.some(([each]) => each === value) ? [[value, now.code] as Option] : []), ...known];
  return (
    <Select label={t(`settings.mapping_${part}`)} value={value} options={options} onChange={(chosen) => {
      const [record = "", code = ""] = chosen.split("/");
      change({ mapping: { ...settings.mapping, [part]: chosen ? { record: record as "deal", code } : null } });
    }} />
  );
}

const recordName = (record: string): string => (record === "organization" ? t("settings.record_organization") : record === "person" ? t("settings.record_person") : t("settings.record_deal"));
