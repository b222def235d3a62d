// Products and customers that are on both sides already, linked many at a time after a person's review.

import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Connection } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { Select, type Option } from "../ui/fields";
import { Button, Note } from "../ui/parts";
import { groupOf, pending, type Group, type Kind } from "./matching";
import { MatchRow } from "./MatchRow";
import { useMatching } from "./useMatching";

const KINDS = ["items", "customers"] as const;
const GROUPS = ["unsure", "sure", "none", "linked"] as const;
const SHOWN = 50;

export function MatchingCard({ connection, api, host }: { connection: Connection; api: Api; host: Host }) {
  const [kind, setKind] = useState<Kind | null>(null);
  const heading = `matching-${connection.id}`;
  return (
    <section class="card" aria-labelledby={heading}>
      <h2 id={heading}>{t("matching.title", { name: connection.name })}</h2>
      <p class="soft small">{t("matching.text")}</p>
      {kind === null
        ? <div class="row wrap">{KINDS.map((each) => <Button key={each} work={() => setKind(each)}>{t(`matching.${each}`)}</Button>)}</div>
        : <Review key={kind} kind={kind} connection={connection} api={api} host={host} onClose={() => setKind(null)} />}
    </section>
  );
}

interface ReviewProps {
  kind: Kind;
  connection: Connection;
  api: Api;
  host: Host;
  onClose: () => void;
}

function Review({ kind, connection, api, host, onClose }: ReviewProps) {
  const matching = useMatching(api, connection.id, kind);
  const [group, setGroup] = useState<Group | "">("");
  const [shown, setShown] = useState(SHOWN);
  const { rows, reading, error, applied, partOf } = matching;
  const waiting = pending(rows).length;
  useEffect(() => {
    if (waiting === 0) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [waiting]);

  const count = (of: Group) => rows.filter((row) => groupOf(row) === of).length;
  const groups: Option[] = [["", t("matching.all", { count: rows.length })], ...GROUPS.map((each): Option => [each, t(`matching.group_${each}`, { count: count(each) })])];
  const listed = group ? rows.filter((row) => groupOf(row) === group) : [...rows].sort((one, other) => GROUPS.indexOf(groupOf(one)) - GROUPS.indexOf(groupOf(other)));
  const close = async () => {
    if (waiting > 0 && !(await host.ask({ title: t("matching.leave_title"), description: t("matching.leave_text"), ok: t("settings.discard"), cancel: t("common.cancel"), danger: true }))) return;
    onClose();
  };
  const apply = async () => {
    const { linked, refused } = await matching.apply();
    host.say([t("matching.applied", { count: linked }), refused > 0 && t("matching.refused", { count: refused })].filter(Boolean).join(" "));
  };
  return (
    <>
      <div class="spread wrap">
        <h3 class="grow">{t(`matching.heading_${kind}`)}</h3>
        <Button className="quiet" work={close}>{t("common.close")}</Button>
      </div>
      <div class="spread wrap">
        <p role="status" class="soft grow">{t(reading === "done" ? "matching.done" : "matching.read", { count: rows.length })}</p>
        {reading === "reading" && <Button work={matching.stop} className="quiet">{t("matching.stop")}</Button>}
        {reading === "stopped" && <Button work={matching.goOn}>{t("matching.go_on")}</Button>}
      </div>
      {error !== null && <Note tone="warn" live>{sayError(error)}</Note>}
      {partOf !== null && <Note tone="warn">{t("matching.part", { count: partOf })}</Note>}
      {rows.length > 0 && <div class="grid"><Select label={t("matching.show")} value={group} options={groups} onChange={(value) => { setGroup(value as Group | ""); setShown(SHOWN); }} /></div>}
      {rows.length === 0 && reading === "done" && <p class="soft">{t("matching.empty")}</p>}
      <ul class="matches">
        {listed.slice(0, shown).map((row) => <MatchRow key={row.key} row={row} kind={kind} connection={connection} api={api} onChoose={matching.choose} />)}
      </ul>
      {listed.length > shown && <Button work={() => setShown(shown + SHOWN)}>{t("matching.more", { count: listed.length - shown })}</Button>}
      {waiting > 0 && (
        <div class="unsaved spread wrap">
          <strong role="status">{applied ? t("matching.applying", applied) : t("matching.pending", { count: waiting })}</strong>
          <div class="row wrap"><Button work={matching.discard} disabled={applied !== null}>{t("settings.discard")}</Button><Button className="act" work={apply}>{t("matching.apply")}</Button></div>
        </div>
      )}
    </>
  );
}
