// Categories by which these books sort the lines of invoices, where they have any.

import type { ConnectionOptions, ConnectionSettings } from "../api/types";
import { t } from "../i18n";
import { Select, type Option } from "../ui/fields";
import { trackedBy, withTracking } from "./unsaved";

interface TrackingProps {
  settings: ConnectionSettings;
  options: ConnectionOptions;
  change: (part: Partial<ConnectionSettings>) => void;
}

export function Tracking({ settings, options, change }: TrackingProps) {
  const categories = options.tracking_categories;
  if (!options.features.includes("tracking") || categories.length === 0) return null;
  const chosen = settings.tracking ?? [];
  return (
    <>
      <h3>{t("settings.tracking")}</h3>
      <p class="soft small">{t("settings.tracking_text")}</p>
      <div class="grid">
        {categories.map((category) => {
          const now = trackedBy(chosen, category.id);
          const gone: Option[] = now && !category.options.some((each) => each.id === now) ? [[now, t("settings.gone")]] : [];
          return (
            <Select key={category.id} label={category.name} value={now} onChange={(option) => change({ tracking: withTracking(chosen, category.id, option) })}
              options={[["", t("settings.untracked")], ...gone, ...category.options.map((each): Option => [each.id, each.name])]} />
          );
        })}
      </div>
    </>
  );
}
