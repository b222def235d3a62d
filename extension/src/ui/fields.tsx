// Labelled fields.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { typedNumber } from "../create/form";

interface FieldProps {
  label: string;
  className?: string;
  error?: string | undefined;
  hint?: string | undefined;
}

interface Wiring {
  id: string;
  "aria-invalid": boolean | undefined;
  "aria-describedby": string | undefined;
}

function Field({ label, className = "", error, hint, children }: FieldProps & { children: (wiring: Wiring) => ComponentChildren }) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div class={`field ${className}`}>
      <label for={id}>{label}</label>
      {children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": said ? `${id}-said` : undefined })}
      {said && <p id={`${id}-said`} class={`small ${error ? "late" : "soft"}`}>{said}</p>}
    </div>
  );
}

interface TextProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  type?: "text" | "date" | "number";
  required?: boolean;
  maxLength?: number;
  min?: number;
  max?: number;
}

export function Text({ label, className, error, hint, value, onChange, rows, type = "text", ...rest }: TextProps) {
  return (
    <Field label={label} {...(className ? { className } : {})} error={error} hint={hint}>
      {(wiring) => (rows
        ? <textarea {...wiring} rows={rows} value={value} maxLength={rest.maxLength} onInput={(event) => onChange(event.currentTarget.value)} />
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion -- Preact's types have one variant for each type of field
        : <input {...wiring} {...rest} type={type as "text"} value={value} onInput={(event) => onChange(event.currentTarget.value)} />)}
    </Field>
  );
}

/** A number as a person types it. What is no number stays in the field, marked, and does not reach the form. */
export function Number({ label, className, error, value, onChange, disabled }: Omit<FieldProps, "hint"> & { value: string; onChange: (value: string) => void; disabled?: boolean }) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? value;
  const wrong = typed !== null && typedNumber(typed) === null;
  return (
    <Field label={label} className={`${className ?? ""} of-number`} error={error}>
      {(wiring) => (
        <input {...wiring} inputMode="decimal" autoComplete="off" disabled={disabled} aria-invalid={wrong || wiring["aria-invalid"]} value={shown}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            const number = typedNumber(event.currentTarget.value);
            if (number !== null) onChange(number);
          }}
          onBlur={() => { if (!wrong) setTyped(null); }} />
      )}
    </Field>
  );
}

export type Option = readonly [value: string, label: string];

export function Select({ label, className, error, hint, value, options, onChange }: FieldProps & { value: string; options: readonly Option[]; onChange: (value: string) => void }) {
  return (
    <Field label={label} {...(className ? { className } : {})} error={error} hint={hint}>
      {(wiring) => (
        <select {...wiring} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
        </select>
      )}
    </Field>
  );
}

export function Check({ label, checked, onChange, hint, error, disabled = false }: { label: string; checked: boolean; onChange: (checked: boolean) => void; hint?: string | undefined; error?: string | undefined; disabled?: boolean }) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div class="check">
      <input id={id} type="checkbox" checked={checked} disabled={disabled} aria-invalid={error ? true : undefined} aria-describedby={said ? `${id}-said` : undefined} onChange={(event) => onChange(event.currentTarget.checked)} />
      <div><label for={id}>{label}</label>{said && <p id={`${id}-said`} class={`small ${error ? "late" : "soft"}`}>{said}</p>}</div>
    </div>
  );
}
