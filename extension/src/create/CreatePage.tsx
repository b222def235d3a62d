// "Invoice this deal": one form from the prefilled draft to the invoice.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { sayError } from "../i18n/problems";
import { t } from "../i18n";
import { Warning } from "../ui/icons";
import type { PageProps } from "../ui/page";
import { Button, Note } from "../ui/parts";
import { nameOf } from "../ui/invoice";
import { newKey } from "../logic/keys";
import { CreateForm } from "./CreateForm";
import { After, Sending } from "./After";
import { edit } from "./form";
import { type Outcome, press } from "./press";
import { useForm } from "./useForm";

type Creation = "save" | "submit" | "approve";

export function CreatePage({ host, api, around, deal, onLanguage }: PageProps & { deal: number }) {
  const { connection, copy } = around.data;
  const copied = useMemo(() => (connection && copy ? { connection, invoice: copy } : null), [connection, copy]);
  const opened = useForm(api, deal, around.who, copied, onLanguage);
  const { form, preview, change, settled, forget } = opened;
  const [sending, setSending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const now = outcome ?? opened.earlier;

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => { if (sending) event.preventDefault(); };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [sending]);

  const close = useCallback(async () => {
    const question = { title: t("create.leave_title"), description: t("create.leave_text"), ok: t("create.leave_yes"), cancel: t("create.leave_no") };
    if (form?.touched && now?.kind !== "made" && now?.kind !== "followed" && !(await host.ask(question))) return;
    if (!form?.touched) forget();
    host.closeModal();
  }, [form, forget, host, now]);

  const made = useCallback((said: string) => {
    forget();
    host.say(said);
    host.closeModal();
  }, [forget, host]);

  const send = async (creation: Creation, basis?: string): Promise<void> => {
    if (!form || sending) return;
    setSending(true);
    setOutcome(null);
    try {
      const wished = { ...(form.draft.creation === creation ? form : edit(form, { creation })), ...(basis ? { basis } : {}) };
      if (wished !== form) change(wished);
      const seen = await settled();
      if (seen.error !== null || !seen.answer?.can_be_created) return;
      const came = await press(api, deal, wished);
      if (came.kind === "made" && came.invoice) return made(t("create.made", { invoice: nameOf(came.invoice) }));
      if (came.kind === "refused" && came.newKey) change({ ...wished, key: newKey(), basis: came.problem.values["basis"] ?? wished.basis });
      setOutcome(came);
      if (came.kind !== "changed") return;
      const question = { title: t("create.changed_title"), description: sayError(came.problem), ok: t("create.changed_yes"), cancel: t("common.cancel") };
      if (await host.ask(question)) {
        setSending(false);
        setOutcome(null);
        await again(creation, came.basis, wished);
      }
    } finally {
      setSending(false);
    }
  };

  // The same form with what the person was told as its new basis: still one wish, one key.
  const again = async (creation: Creation, basis: string, wished: typeof form) => {
    if (!wished) return;
    const next = { ...wished, basis };
    change(next);
    const came = await press(api, deal, edit(next, { creation }));
    if (came.kind === "made" && came.invoice) return made(t("create.made", { invoice: nameOf(came.invoice) }));
    if (came.kind === "refused" && came.newKey) change({ ...next, key: newKey() });
    setOutcome(came);
    return undefined;
  };

  if (now?.kind === "made" || now?.kind === "followed") return <After api={api} deal={deal} books={opened.books} outcome={now} onMade={forget} onClose={() => host.closeModal()} />;
  if (opened.error !== null && !form) {
    return (
      <main class="state" aria-live="assertive">
        <Warning size={32} />
        <h2>{t("create.failed_title")}</h2>
        <p class="soft">{sayError(opened.error)}</p>
        <div class="row"><Button className="act" work={() => opened.open()}>{t("common.try_again")}</Button><Button work={() => host.closeModal()}>{t("common.close")}</Button></div>
      </main>
    );
  }
  if (!form) return <Sending words={t("create.loading")} />;
  return (
    <CreateForm form={form} preview={preview} api={api} host={host} deal={deal} change={change} open={opened.open} sending={sending} onSend={send} onClose={close}>
      {opened.restored && <Note>{t("create.restored")} <button type="button" class="plain" onClick={() => void opened.open()}>{t("create.start_afresh")}</button></Note>}
      {opened.error !== null && <Note tone="bad" live>{sayError(opened.error)}</Note>}
      {now?.kind === "unsent" && <Note tone="bad" live>{t("create.unsent")}</Note>}
      {now?.kind === "refused" && <Note tone="bad" live>{sayError(now.problem)}</Note>}
    </CreateForm>
  );
}
