// What becomes visible of an invoice in the deal itself. What Pipedrive does not allow the app is said where it was wanted.

import type { CompanySettings, Fact } from "../api/types";
import { t } from "../i18n";
import { sayFact } from "../i18n/problems";
import { Check } from "../ui/fields";

const SWITCHES = ["note_on_deal", "fields_on_deal", "activity_on_deal", "pdf_on_deal"] as const;

interface WriteBackProps {
  settings: CompanySettings;
  /** What the last attempt to save was refused for. */
  refused: Fact | null;
  change: (part: Partial<CompanySettings>) => void;
}

export function WriteBack({ settings, refused, change }: WriteBackProps) {
  return (
    <>
      <h3>{t("settings.write_back")}</h3>
      {SWITCHES.map((name) => {
        const blame = settings[name] && refused?.fields.includes(`/${name}`) ? refused : null;
        return (
          <Check key={name} label={t(`settings.${name}`)} checked={settings[name]} onChange={(on) => change({ [name]: on })}
            {...(blame ? { error: sayFact(blame) } : { hint: t(`settings.${name}_hint`) })} />
        );
      })}
    </>
  );
}
