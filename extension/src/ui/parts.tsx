// The small parts that every page is made of.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { statusKey, type Status } from "../logic/status";
import { Done, Dots, Info, Waiting, Warning } from "./icons";

export type Tone = "calm" | "warn" | "bad" | "good";

const SIGNS = { calm: Info, warn: Warning, bad: Warning, good: Done };

export function Note({ tone = "calm", children, live = false }: { tone?: Tone; children: ComponentChildren; live?: boolean }) {
  const Sign = SIGNS[tone];
  return (
    <div class={`note ${tone}`} role={live ? (tone === "bad" ? "alert" : "status") : undefined}>
      <Sign />
      <div>{children}</div>
    </div>
  );
}

export function StatusChip({ status, provider }: { status: Status; provider: string }) {
  return <span class={`chip ${status}`}>{t(statusKey(status, provider))}</span>;
}

export function Bar({ share, label }: { share: number; label: string }) {
  return (
    <div class="bar" role="img" aria-label={label}>
      <div style={{ width: `${Math.round(share * 100)}%` }} />
    </div>
  );
}

/** A button that cannot be pressed again while what it began is not over. */
export function Button({ work, children, className = "", label, disabled = false, busy = false }: { work: () => unknown; children: ComponentChildren; className?: string; label?: string | undefined; disabled?: boolean; busy?: boolean }) {
  const [working, setWorking] = useState(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const press = async () => {
    if (working || busy) return;
    setWorking(true);
    try {
      await work();
    } finally {
      if (alive.current) setWorking(false);
    }
  };
  return (
    <button type="button" class={className} onClick={() => void press()} disabled={disabled} aria-busy={working || busy} aria-label={label} title={className.includes("icon") ? label : undefined}>
      {(working || busy) && <Waiting className="spin" />}
      {(working || busy) && className.includes("icon") ? null : children}
    </button>
  );
}

export interface Choice {
  label: string;
  choose: () => void;
  danger?: boolean;
  apart?: boolean;
  /** Why it cannot be chosen now. */
  whyNot?: string;
}

export function Menu({ label, choices, onToggle }: { label: string; choices: Choice[]; onToggle?: () => void }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const trigger = () => root.current?.querySelector("button");
  useEffect(() => {
    if (open) items()[0]?.focus();
    onToggle?.();
  }, [open, onToggle]);
  const move = (event: KeyboardEvent) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + (at <= 0 ? all.length : 0), Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" && open) {
      setOpen(false);
      trigger()?.focus();
    } else if (to !== undefined && all.length) {
      event.preventDefault();
      all[to % all.length]?.focus();
    }
  };
  const leave = (event: FocusEvent) => {
    if (!root.current?.contains(event.relatedTarget as Node | null)) setOpen(false);
  };
  const choose = (choice: Choice) => {
    if (choice.whyNot) return;
    setOpen(false);
    trigger()?.focus();
    choice.choose();
  };
  return (
    <div class="menu" ref={root} onKeyDown={move} onFocusOut={leave} role="presentation">
      <button type="button" class="icon" aria-haspopup="menu" aria-expanded={open} aria-label={label} title={label} onClick={() => setOpen(!open)}>
        <Dots />
      </button>
      {open && (
        <div role="menu" aria-label={label}>
          {choices.map((choice) => [
            choice.apart && <hr />,
            <button type="button" role="menuitem" tabIndex={-1} class={choice.danger && !choice.whyNot ? "danger" : ""} aria-disabled={choice.whyNot ? true : undefined} key={choice.label} onClick={() => choose(choice)}>
              {choice.label}{choice.whyNot && <span class="soft small block"> {choice.whyNot}</span>}
            </button>,
          ])}
        </div>
      )}
    </div>
  );
}
