// The lines: changed, moved, removed, linked to items of the books.

import { useEffect, useRef } from "preact/hooks";
import type { Fact } from "../api/types";
import { t } from "../i18n";
import { Plus } from "../ui/icons";
import { Button } from "../ui/parts";
import type { FormProps } from "./CreateForm";
import { addLine, moveLine, removeLine, suggestionFor, takeSuggestions } from "./form";
import { Line } from "./Line";

export function Lines(props: FormProps & { facts: Fact[] }) {
  const { form, change } = props;
  const { lines } = form.draft;
  const suggested = lines.filter((line) => suggestionFor(form, line)).length;
  const root = useRef<HTMLElement>(null);
  const focus = useRef<string[]>([]);
  // A line that moved, or was added or removed, must not lose the keyboard's place.
  useEffect(() => {
    const places = focus.current.map((selector) => root.current?.querySelector<HTMLElement>(selector));
    places.find(Boolean)?.focus();
    focus.current = [];
  });
  /** The first of these places that is there gets the focus. */
  const then = (places: string[], next: typeof form) => {
    focus.current = places;
    change(next);
  };
  return (
    <section aria-labelledby="lines" ref={root}>
      <div class="spread wrap">
        <h2 id="lines">{t("create.lines")}</h2>
        {suggested > 0 && <Button className="quiet" work={() => change(takeSuggestions(form))}>{t("create.take_suggestions", { count: suggested })}</Button>}
      </div>
      {lines.length === 0 && <p class="soft">{t("create.no_lines")}</p>}
      <ol class="lines">
        {lines.map((line, index) => (
          <Line key={index} {...props} line={line} index={index}
            onMove={(by) => then([`[data-line="${index + by}"] .${by < 0 ? "up" : "down"}:not(:disabled)`, `[data-line="${index + by}"] textarea`], moveLine(form, index, by))}
            onRemove={() => then([`[data-line="${Math.min(index, lines.length - 2)}"] .remove`, ".add"], removeLine(form, index))} />
        ))}
      </ol>
      <Button className="add" work={() => then([`[data-line="${lines.length}"] textarea`], addLine(form))}><Plus />{t("create.add_line")}</Button>
    </section>
  );
}
