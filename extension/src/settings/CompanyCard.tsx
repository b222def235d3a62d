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
import { Mapping } from "./Mapping";
import { WriteBack } from "./WriteBack";
import { useSaved } from "./useSaved";

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
      <Mapping mapping={settings.mapping} fields={fields} api={api} onChange={(mapping) => change({ mapping })} />
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
