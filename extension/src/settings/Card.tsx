// A card of settings that are saved together, and that says when they are not.

import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import type { Fact } from "../api/types";
import { t } from "../i18n";
import { sayFact } from "../i18n/problems";
import { Button, Note } from "../ui/parts";

interface CardProps {
  title: string;
  unsaved: boolean;
  problems: Fact[];
  onSave: () => Promise<void>;
  onDiscard: () => void;
  children: ComponentChildren;
}

export function Card({ title, unsaved, problems, onSave, onDiscard, children }: CardProps) {
  const id = useId();
  useEffect(() => {
    if (!unsaved) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [unsaved]);
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {problems.map((fact) => <Note tone="warn" key={fact.code + fact.fields.join()}>{sayFact(fact)}</Note>)}
      {children}
      {unsaved && (
        <div class="unsaved spread wrap" role="status">
          <strong>{t("settings.unsaved")}</strong>
          <div class="row"><Button work={onDiscard}>{t("settings.discard")}</Button><Button className="act" work={onSave}>{t("settings.save")}</Button></div>
        </div>
      )}
    </section>
  );
}
