// The panel's designed states: each says what is, and has one clear next step.

import type { ComponentChildren } from "preact";
import type { Panel } from "../api/types";
import type { Host } from "../host";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";
import { failureOf } from "../logic/failure";
import { Lock, Paper, Plug, Plus, Warning } from "../ui/icons";
import { Button, Note } from "../ui/parts";

interface StateProps {
  sign: ComponentChildren;
  title: string;
  text?: string;
  children?: ComponentChildren;
}

function State({ sign, title, text, children }: StateProps) {
  return (
    <section class="state" aria-live="polite">
      {sign}
      <h2>{title}</h2>
      {text && <p class="soft">{text}</p>}
      {children && <div class="row">{children}</div>}
    </section>
  );
}

/** The panel before Pipedrive has answered. */
export const FirstSight = () => <main><Bones /></main>;

const Bone = ({ width }: { width: number }) => <svg class="bone" width={`${width}%`} height="12" aria-hidden="true"><rect width="100%" height="100%" rx="4" /></svg>;

export function Bones() {
  return (
    <div class="panel" aria-busy="true">
      <p class="hidden" role="status">{t("common.loading")}</p>
      {[70, 45, 60].map((width) => <div class="bones" key={width}><Bone width={width} /><Bone width={width / 2} /></div>)}
    </div>
  );
}

export function Empty({ panel, onCreate }: { panel: Panel; onCreate: () => unknown }) {
  const mayCreate = panel.deal.rights.includes("create");
  return (
    <State sign={<Paper size={32} />} title={t("panel.empty_title")} text={mayCreate ? t("panel.empty_text") : t("panel.empty_cannot")}>
      {mayCreate && <Button className="act" work={onCreate}><Plus />{t("panel.new_label")}</Button>}
      {!mayCreate && panel.deal.manager && <p class="soft">{t("panel.manages", { name: panel.deal.manager })}</p>}
    </State>
  );
}

export function Reconnect({ panel, host }: { panel: Panel; host: Host }) {
  const lost = panel.books.filter((books) => books.health === "reconnect");
  const mayConfigure = panel.deal.rights.includes("configure");
  return (
    <>
      {lost.map((books) => (
        <Note tone="warn" key={books.id} live>
          <strong>{t("panel.reconnect_title", { name: books.name })}</strong>
          <p>{t("panel.reconnect_text")}</p>
          {mayConfigure
            ? <button type="button" class="plain" onClick={() => host.openSettings()}>{t("panel.reconnect")}</button>
            : panel.deal.manager && <p>{t("panel.manages", { name: panel.deal.manager })}</p>}
        </Note>
      ))}
    </>
  );
}

export function Failed({ error, host, again }: { error: unknown; host: Host; again: () => Promise<void> }) {
  const failure = failureOf(error);
  const settings = <Button className="act" work={() => host.openSettings()}>{t("common.open_settings")}</Button>;
  switch (failure.kind) {
    case "not_connected":
      return <State sign={<Plug size={32} />} title={t("panel.connect_title")} text={t("panel.connect_text")}>{settings}</State>;
    case "not_installed":
      return <State sign={<Plug size={32} />} title={t("panel.not_installed_title")} text={t("panel.not_installed_text")}><Button work={again}>{t("common.try_again")}</Button></State>;
    case "not_allowed":
      return (
        <State sign={<Lock size={32} />} title={failure.manager ? t("panel.manages", { name: failure.manager }) : t("panel.no_rights_title")}
          text={failure.admin ? t("panel.take_over") : t("panel.manages_text", { name: failure.manager })}>
          {failure.admin ? settings : <Button work={again}>{t("common.try_again")}</Button>}
        </State>
      );
    default:
      return (
        <State sign={<Warning size={32} />} title={failure.kind === "hidden" ? t("panel.deal_hidden_title") : t("panel.failed_title")} text={sayError(error)}>
          <Button className="act" work={again}>{t("common.try_again")}</Button>
        </State>
      );
  }
}
