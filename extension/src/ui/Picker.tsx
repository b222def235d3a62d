/* eslint-disable jsx-a11y/click-events-have-key-events -- the field above has the keys, and the focus never leaves it */
// Search as you type, as a combobox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { sayError } from "../i18n/problems";

export interface Found<T> {
  id: string;
  label: string;
  detail?: string;
  value: T;
}

interface PickerProps<T> {
  label: string;
  placeholder?: string;
  search: (text: string) => Promise<Found<T>[]>;
  suggested?: Found<T>[];
  onPick: (value: T) => void;
  /** A last choice that makes a new one of what was typed. */
  create?: { label: (typed: string) => string; make: (typed: string) => void };
  error?: string | undefined;
}

const PAUSE = 250;

export function Picker<T>({ label, placeholder, search, suggested = [], onPick, create, error }: PickerProps<T>) {
  const id = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<Found<T>[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [active, setActive] = useState(0);
  const newest = useRef(0);
  const searching = useRef(search);
  searching.current = search;
  const typed = text.trim();

  useEffect(() => {
    const mine = ++newest.current;
    setFailed(null);
    if (!typed) {
      setFound(null);
      return undefined;
    }
    const waiting = setTimeout(() => {
      searching.current(typed).then(
        (hits) => { if (mine === newest.current) { setFound(hits); setActive(0); } },
        (problem: unknown) => { if (mine === newest.current) { setFound([]); setFailed(problem); } },
      );
    }, PAUSE);
    return () => clearTimeout(waiting);
  }, [typed]);

  const hits = typed ? found ?? [] : suggested;
  const choices = hits.length + (create ? 1 : 0);
  const pick = (index: number) => {
    setOpen(false);
    setText("");
    const hit = hits[index];
    if (hit) onPick(hit.value);
    else create?.make(typed);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open && choices) setActive((active + (event.key === "ArrowDown" ? 1 : choices - 1)) % choices);
      setOpen(true);
    } else if (event.key === "Enter" && open && active < choices) {
      event.preventDefault();
      pick(active);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  const waiting = typed !== "" && found === null && failed === null;
  const said = failed !== null ? sayError(failed) : waiting ? t("pick.searching") : hits.length === 0 ? (typed ? t("pick.nothing") : t("pick.type")) : "";
  return (
    <div class="field picker" onFocusOut={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false); }}>
      <label for={id}>{label}</label>
      <input id={id} type="text" role="combobox" autoComplete="off" spellcheck={false} placeholder={placeholder ?? t("pick.placeholder")} value={text}
        aria-expanded={open} aria-controls={`${id}-list`} aria-autocomplete="list" aria-activedescendant={open && choices ? `${id}-${active}` : undefined}
        aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined}
        onFocus={() => setOpen(true)} onClick={() => setOpen(true)} onKeyDown={keys} onInput={(event) => { setText(event.currentTarget.value); setOpen(true); }} />
      {error && <p id={`${id}-error`} class="small late">{error}</p>}
      {open && (
        <div class="found">
          {said && <p class="soft small" role="status">{said}</p>}
          <div id={`${id}-list`} role="listbox" aria-label={label}>
            {hits.map((hit, index) => (
              <div tabIndex={-1} key={hit.id} id={`${id}-${index}`} role="option" aria-selected={index === active} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(index)}>
                <span>{hit.label}</span>{hit.detail && <span class="soft small">{hit.detail}</span>}
              </div>
            ))}
            {create && (
              <div tabIndex={-1} id={`${id}-${hits.length}`} role="option" aria-selected={active === hits.length} class="new" onMouseDown={(event) => event.preventDefault()} onClick={() => pick(hits.length)}>
                {create.label(typed)}
              </div>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
