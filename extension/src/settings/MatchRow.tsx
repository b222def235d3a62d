// One product or buyer, what it may be in the books, and what the person makes of it.

import { useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Connection } from "../api/types";
import { t } from "../i18n";
import { Select, type Option } from "../ui/fields";
import { Picker, type Found } from "../ui/Picker";
import type { Kind, Named, Row } from "./matching";

const OTHER = "…other";
const TONES = { sure: "good", unsure: "warn", none: "" };

interface MatchRowProps {
  row: Row;
  kind: Kind;
  connection: Connection;
  api: Api;
  onChoose: (key: string, chosen: Named | null) => void;
}

export function MatchRow({ row, kind, connection, api, onChoose }: MatchRowProps) {
  const [searching, setSearching] = useState(false);
  const known = new Map<string, Option>();
  for (const each of row.proposals) known.set(each.id, [each.id, [each.name, each.mark].filter(Boolean).join(" · ")]);
  if (row.chosen && !known.has(row.chosen.id)) known.set(row.chosen.id, [row.chosen.id, row.chosen.name]);
  if (row.linked) known.set(row.linked.id, [row.linked.id, t("matching.linked_now", { name: row.linked.name })]);
  const options: Option[] = [...(row.linked ? [] : [["", t("matching.not_linked")] as Option]), ...known.values(), [OTHER, t("matching.other")]];
  const pick = (id: string) => {
    setSearching(id === OTHER);
    if (id === OTHER) return;
    const name = known.get(id);
    onChoose(row.key, name ? { id, name: row.proposals.find((each) => each.id === id)?.name ?? (row.linked?.id === id ? row.linked.name : name[1]) } : null);
  };
  const search = async (query: string): Promise<Found<Named>[]> => {
    const sent = { path: { connection_id: connection.id }, query: { query } };
    if (kind === "items") return (await api.get("/connections/{connection_id}/items", sent)).map((each) => ({ id: each.id, label: each.name, detail: each.code, value: each }));
    return (await api.get("/connections/{connection_id}/customers", sent)).map((each) => ({ id: each.id, label: each.name, detail: each.email, value: each }));
  };
  const reason = row.linked ? null : t(row.reason === "both" || row.reason === "mark" || row.reason === "differs" ? `matching.reason_${kind}_${row.reason}` : `matching.reason_${row.reason}`);
  return (
    <li>
      <div class="grow">
        <p><strong>{row.name}</strong>{row.mark && <span class="soft"> · {row.mark}</span>}</p>
        {reason && <p class="small"><span class={`chip ${TONES[row.certainty]}`}>{reason}</span></p>}
        {row.said && <p class="small late">{t(`matching.said_${row.said}`)}</p>}
      </div>
      <div class="grow">
        {searching
          ? <Picker<Named> label={t("matching.in_books", { name: row.name })} search={search} onPick={(chosen) => { setSearching(false); onChoose(row.key, { id: chosen.id, name: chosen.name }); }} />
          : <Select label={t("matching.in_books", { name: row.name })} value={row.chosen?.id ?? ""} options={options} onChange={pick} />}
      </div>
    </li>
  );
}
