// An invoice by e-mail: who gets it, what is said beforehand, and what came of it.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Problem } from "../api/client";
import type { MailTerms } from "../api/types";
import { format, t } from "../i18n";
import { sayAboutMail, sayError, sayFact } from "../i18n/problems";
import { newKey } from "../logic/keys";
import { Text } from "../ui/fields";
import { Warning } from "../ui/icons";
import { nameOf } from "../ui/invoice";
import type { PageProps } from "../ui/page";
import { Button, Note } from "../ui/parts";
import { type Mail, mailOf, MOST, type Receivers, receiversOf, type Wrong, wrongIn } from "./addresses";
import { type Known, type Place, useMail } from "./useMail";

export function MailPage({ host, api, onLanguage, place }: PageProps & { place: Place }) {
  const { known, error, ask } = useMail(api, place, onLanguage);
  if (known) return <MailForm host={host} api={api} place={place} known={known} />;
  if (error === null) return <main class="state"><p class="soft" role="status">{t("mail.loading")}</p></main>;
  return (
    <State title={t("mail.failed")} text={sayError(error)}>
      <Button className="act" work={ask}>{t("common.try_again")}</Button>
      <Button work={() => host.closeModal()}>{t("common.close")}</Button>
    </State>
  );
}

const State = ({ title, text, children }: { title: string; text: string; children: ComponentChildren }) => (
  <main>
    <section class="state" role="alert"><Warning size={32} /><h1>{title}</h1><p class="soft">{text}</p><div class="row">{children}</div></section>
  </main>
);

type FormProps = Pick<PageProps, "host" | "api"> & { place: Place; known: Known };

function MailForm({ host, api, place, known }: FormProps) {
  const { invoice, terms, providerName } = known;
  const [typed, setTyped] = useState(() => receiversOf(terms));
  const [said, setSaid] = useState<unknown>(null);
  const [inDoubt, setInDoubt] = useState(false);
  const wrong = wrongOf(typed, terms);
  const stops = terms.problems.some((problem) => problem.severity === "stop");
  const named = { invoice: nameOf(invoice) };
  const keyFor = useKeys();

  const send = async () => {
    setSaid(null);
    const mail = terms.can_choose ? mailOf(typed, receiversOf(terms)) : NOBODY_ELSE;
    try {
      const { status, data } = await api.ask("post", "/deals/{deal_id}/invoices/{connection_id}/{invoice_id}/email", { path: place, body: mail, headers: { "idempotency-key": keyFor(mail) } });
      if (status === 202 || !data.mailing?.at) return setInDoubt(true);
      host.say(t("mail.done", { ...named, date: format().moment(data.mailing.at), to: data.mailing.to.join(", ") }));
      host.closeModal();
    } catch (failure) {
      // What was refused is over; what nobody answered may be under way, and is asked for again under the same key.
      if (failure instanceof Problem && failure.status < 500) keyFor(null);
      setSaid(failure);
    }
  };

  if (inDoubt) return <State title={t("mail.doubt_title")} text={t("action.doubt_email", named)}><Button className="act" work={() => host.closeModal()}>{t("common.close")}</Button></State>;
  return (
    <div class="create mail">
      <main class="stack">
        <h1>{t("mail.title", named)}</h1>
        {invoice.mailing?.state === "sent" && invoice.mailing.at && <Note>{t("mail.last", { date: format().moment(invoice.mailing.at), to: invoice.mailing.to.join(", ") })}</Note>}
        {terms.problems.map((problem) => <Note key={problem.code} tone={problem.severity === "stop" ? "bad" : "warn"}>{sayFact(problem)}</Note>)}
        {terms.can_choose ? <Fields typed={typed} wrong={wrong} change={setTyped} terms={terms} /> : <Fixed terms={terms} books={providerName} url={invoice.url} />}
        <section aria-labelledby="how">
          <h2 id="how">{t("mail.how")}</h2>
          <ul class="facts">{[terms.sender, terms.text, terms.limits].map((each) => <li key={each.code}>{sayAboutMail({ ...each, values: numbers(each.values) })}</li>)}</ul>
        </section>
        {said !== null && <Note tone="bad" live>{sayError(said)}</Note>}
      </main>
      <footer class="spread">
        <div class="row">
          <Button work={() => host.closeModal()}>{t("common.cancel")}</Button>
          <Button className="act" work={send} disabled={stops || Object.values(wrong).some(Boolean)}>{t("mail.send")}</Button>
        </div>
      </footer>
    </div>
  );
}

const NOBODY_ELSE: Mail = { to: null, cc: null, bcc: null };

/** One key for one content until it is refused: pressed twice it goes out once. */
function useKeys() {
  const last = useRef<{ content: string; key: string } | null>(null);
  return (mail: Mail | null): string => {
    if (mail === null) last.current = null;
    const content = JSON.stringify(mail);
    if (last.current?.content !== content) last.current = { content, key: newKey() };
    return last.current.key;
  };
}

const wrongOf = (typed: Receivers, terms: MailTerms): Record<keyof Receivers, Wrong | null> => (terms.can_choose
  ? { to: wrongIn(typed.to, Math.max(terms.to.length, 1), true), cc: wrongIn(typed.cc, MOST), bcc: wrongIn(typed.bcc, MOST) }
  : { to: null, cc: null, bcc: null });

const LABELS = { to: "mail.to", cc: "mail.cc", bcc: "mail.bcc" } as const;
const FIELDS = ["to", "cc", "bcc"] as const;

function Fields({ typed, wrong, change, terms }: { typed: Receivers; wrong: ReturnType<typeof wrongOf>; change: (next: Receivers) => void; terms: MailTerms }) {
  const hint = (field: keyof Receivers) => (field === "to" && terms.to.length < 2 ? t("mail.one") : t("mail.several"));
  return <>{FIELDS.map((field) => <Text key={field} label={t(LABELS[field])} value={typed[field]} error={say(wrong[field])} hint={hint(field)} onChange={(text) => change({ ...typed, [field]: text })} />)}</>;
}

function say(wrong: Wrong | null): string | undefined {
  if (wrong === null) return undefined;
  if (wrong.kind === "invalid") return t("mail.invalid", { address: wrong.address });
  return t(wrong.kind === "missing" ? "mail.to_missing" : "mail.too_many");
}

function Fixed({ terms, books, url }: { terms: MailTerms; books: string; url: string }) {
  return (
    <section>
      <dl class="receivers">
        {FIELDS.filter((field) => field === "to" || terms[field].length > 0).map((field) => [<dt key={field} class="soft">{t(LABELS[field])}</dt>, <dd key={`${field}-who`}>{terms[field].join(", ") || "–"}</dd>])}
      </dl>
      <p class="small soft">{t("mail.no_choice", { books })} <a href={url} target="_blank" rel="noopener noreferrer">{t("action.open", { provider: books })}</a></p>
    </section>
  );
}

/** Numbers among the values, as the language writes them. */
const numbers = (values: Record<string, string>) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, /^\d+$/.test(value) ? format().number(value) : value]));
