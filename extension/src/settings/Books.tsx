// The connected books with their health, and how more come.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/client";
import type { Connection, ConnectionList } from "../api/types";
import type { Host } from "../host";
import { found, t } from "../i18n";
import { sayError } from "../i18n/problems";
import { Done, Outside, Warning } from "../ui/icons";
import { Button, Note } from "../ui/parts";
import { check, type Finding } from "./check";
import { watch } from "./connect";
import { healthOf } from "./health";

type Provider = ConnectionList["providers"][number];

interface BooksProps {
  list: ConnectionList;
  api: Api;
  host: Host;
  onList: (list: ConnectionList) => void;
}

type Opening = { provider: Provider; url: string; blocked: boolean } | null;

export function Books({ list, api, host, onList }: BooksProps) {
  const [opening, setOpening] = useState<Opening>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const connect = async (provider: Provider) => {
    // Opened before anything is asked, while the press still counts as the person's own; its address comes later.
    const tab = window.open("", "_blank");
    try {
      const { data } = await api.ask("post", "/connections", { body: { provider: provider.provider as "quickbooks" } });
      if (tab) {
        tab.opener = null;
        tab.location.href = data.url;
      }
      setOpening({ provider, url: data.url, blocked: tab === null });
      stop.current?.();
      stop.current = watch(api, list, (now, names) => {
        setOpening(null);
        onList(now);
        host.say(names.map((name) => t("settings.connected", { name })).join(" "));
      }, () => {
        setOpening(null);
        host.say(t("settings.connect_expired"));
      });
    } catch (error) {
      tab?.close();
      host.say(sayError(error));
    }
  };
  const again = async () => onList(await api.get("/connections"));
  const providerOf = (connection: Connection) => list.providers.find((each) => each.provider === connection.provider);
  const none = list.connections.length === 0;
  return (
    <section class="card" aria-labelledby="books">
      <h2 id="books">{t("settings.books")}</h2>
      {none && <p class="soft">{t("settings.books_none")}</p>}
      <ul class="books">
        {list.connections.map((connection) => {
          const provider = providerOf(connection);
          return <Row key={connection.id} connection={connection} api={api} host={host} again={again} {...(list.may_connect && provider ? { onReconnect: () => connect(provider) } : {})} />;
        })}
      </ul>
      {list.may_connect && list.crm_webhooks === "not_allowed" && <Note>{t("settings.crm_webhooks_not_allowed")}</Note>}
      {opening && (
        <Note live>
          {opening.blocked ? t("settings.connect_blocked") : t("settings.connect_open")}{" "}
          {opening.blocked && <a href={opening.url} target="_blank" rel="noopener">{t("settings.connect_link", { provider: opening.provider.name })}</a>}
        </Note>
      )}
      {list.may_connect && (
        <div class="row wrap">
          {list.providers.map((provider) => {
            const more = list.connections.some((each) => each.provider === provider.provider);
            return <Button key={provider.provider} className={none ? "act" : ""} work={() => connect(provider)}><Outside />{t(more ? "settings.connect_more" : "settings.connect", { provider: provider.name })}</Button>;
          })}
        </div>
      )}
    </section>
  );
}

interface RowProps {
  connection: Connection;
  api: Api;
  host: Host;
  again: () => Promise<void>;
  onReconnect?: () => Promise<void>;
}

const TONES: Record<string, string> = { active: "good", reconnect: "warn", disconnected: "" };

function Row({ connection, api, host, again, onReconnect }: RowProps) {
  const { name, health } = connection;
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const path = { connection_id: connection.id };
  const concern = healthOf(connection);
  const run = async (question: Parameters<Host["ask"]>[0], work: () => Promise<string>) => {
    if (!(await host.ask(question))) return;
    try {
      host.say(await work());
      await again();
    } catch (error) {
      host.say(sayError(error));
    }
  };
  const takeOver = () => run({ title: t("settings.take_over_title", { name }), description: t("settings.take_over_text", { manager: connection.manager_name }), ok: t("settings.take_over"), cancel: t("common.cancel") }, async () => {
    await api.ask("post", "/connections/{connection_id}/take-over", { path });
    return t("settings.taken_over", { name });
  });
  const disconnect = () => run({ title: t("settings.disconnect_title", { name }), description: t("settings.disconnect_text"), ok: t("settings.disconnect"), cancel: t("common.cancel"), danger: true },
    async () => {
      const { ending, message } = (await api.ask("delete", "/connections/{connection_id}", { path })).data;
      return found(`settings.ended_${ending}`, { name, provider: connection.provider_name }) ?? message;
    });
  return (
    <li>
      <div class="spread wrap">
        <strong class="grow">{name}</strong>
        <span class="row">
          {connection.is_default && <span class="chip">{t("settings.default")}</span>}
          <span class={`chip ${TONES[health] ?? ""}`}>{health === "active" ? t("settings.health_active") : health === "reconnect" ? t("settings.health_reconnect") : t("settings.health_disconnected")}</span>
        </span>
      </div>
      <p class="soft small">{t("settings.about", { provider: connection.provider_name, country: connection.country, currency: connection.home_currency, manager: connection.manager_name || "–" })}</p>
      {concern && <Note tone="warn">{concern}</Note>}
      {connection.may_configure && (
        <div class="row wrap">
          {concern && onReconnect && <Button className="act" work={onReconnect}>{t("settings.reconnect")}</Button>}
          {health === "active" && <Button className="quiet" work={async () => setFindings(await check(api, connection))}>{t("settings.check")}</Button>}
          {connection.may_take_over && <Button className="quiet" work={takeOver}>{t("settings.take_over")}</Button>}
          {health !== "disconnected" && <Button className="quiet danger" work={disconnect}>{t("settings.disconnect")}</Button>}
        </div>
      )}
      {findings && (
        <div role="status">
          <ul class="findings">
            {findings.map((finding) => <li key={finding.words} class={finding.state}>{finding.state === "good" ? <Done /> : <Warning />}<span>{finding.words}</span></li>)}
            <li class="soft small">{t("settings.check_note")}</li>
          </ul>
        </div>
      )}
    </li>
  );
}
