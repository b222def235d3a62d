// Which field of Pipedrive fills what of the customer's details, tried at once on a deal.

import type { Api } from "../api/client";
import type { CompanySettings, CrmField } from "../api/types";
import { t } from "../i18n";
import { Select, type Option } from "../ui/fields";
import { Sample } from "./Sample";

const PARTS = ["name", "address", "email", "tax_id"] as const;

type Mapped = CompanySettings["mapping"];

interface MappingProps {
  mapping: Mapped;
  fields: CrmField[];
  api: Api;
  onChange: (mapping: Mapped) => void;
}

export function Mapping({ mapping, fields, api, onChange }: MappingProps) {
  return (
    <>
      <h3>{t("settings.mapping")}</h3>
      <p class="soft small">{t("settings.mapping_text")}</p>
      <div class="grid">
        {PARTS.map((part) => <MappedField key={part} part={part} mapping={mapping} fields={fields} onChange={onChange} />)}
      </div>
      <Sample mapping={mapping} api={api} />
    </>
  );
}

function MappedField({ part, mapping, fields, onChange }: Omit<MappingProps, "api"> & { part: (typeof PARTS)[number] }) {
  const now = mapping[part];
  const value = now ? `${now.record}/${now.code}` : "";
  const known = fields.map((field): Option => [`${field.record}/${field.code}`, `${field.name} (${recordName(field.record)})`]);
  // A field that was deleted in the CRM stays visible as what it is until another is chosen.
  const options: Option[] = [["", t("settings.mapping_empty")], ...(now && !known.some(([each]) => each === value) ? [[value, now.code] as Option] : []), ...known];
  return (
    <Select label={t(`settings.mapping_${part}`)} value={value} options={options} onChange={(chosen) => {
      const [record = "", code = ""] = chosen.split("/");
      onChange({ ...mapping, [part]: chosen ? { record: record as "deal", code } : null });
    }} />
  );
}

const recordName = (record: string): string => (record === "organization" ? t("settings.record_organization") : record === "person" ? t("settings.record_person") : t("settings.record_deal"));
