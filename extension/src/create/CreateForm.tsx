// The form itself: customer, details, lines, totals, and the button that makes it an invoice.

import type { ComponentChildren } from "preact";
import type { Api } from "../api/client";
import type { Fact, Preview } from "../api/types";
import { t } from "../i18n";
import { sayError, sayFact } from "../i18n/problems";
import type { Host } from "../host";
import type { PreviewState } from "../logic/preview";
import { Button, Note } from "../ui/parts";
import { Customer } from "./Customer";
import { Facts } from "./Facts";
import { Footer } from "./Footer";
import { booksOf, type Form } from "./form";
import { Lines } from "./Lines";
import { Totals } from "./Totals";
import { Where } from "./Where";

export interface FormProps {
  form: Form;
  preview: PreviewState<Preview>;
  api: Api;
  host: Host;
  deal: number;
  change: (next: Form) => void;
}

interface CreateFormProps extends FormProps {
  open: (connection?: string | null, instalment?: number | null) => Promise<void>;
  sending: boolean;
  onSend: (creation: "save" | "submit" | "approve") => Promise<void>;
  onClose: () => Promise<void>;
  children: ComponentChildren;
}

export function CreateForm(props: CreateFormProps) {
  const { form, preview, open, sending, onSend, onClose, children } = props;
  const facts: Fact[] = preview.answer?.problems ?? [];
  return (
    <div class="create" data-books={booksOf(form)}>
      <main class="stack" aria-label={t("create.title")} inert={sending}>
        <h1>{t("create.title")}</h1>
        {children}
        {form.prefill.problems.map((fact) => <Note tone="warn" key={fact.code + fact.fields.join()}>{sayFact(fact)}</Note>)}
        {form.prefill.notices.map(({ code, line }) => <Note key={code + String(line)}>{notice(code, line + 1)}</Note>)}
        <Where {...props} open={open} />
        <Customer {...props} facts={facts} />
        <Facts {...props} facts={facts} />
        <Lines {...props} facts={facts} />
        <Totals preview={preview} form={form} facts={facts} />
        {preview.error !== null && <Note tone="bad" live>{sayError(preview.error)} <Button className="plain" work={() => props.change(form)}>{t("common.try_again")}</Button></Note>}
      </main>
      <Footer form={form} preview={preview} sending={sending} onSend={onSend} onClose={onClose} />
    </div>
  );
}

const notice = (code: string, line: number) => (code === "recurring" ? t("create.notice_recurring", { line }) : code === "total_differs" ? t("create.notice_total_differs", { line }) : code);
