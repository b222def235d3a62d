// One line of the draft.

import type { Fact, Item as BooksItem, Line as DraftLine } from "../api/types";
import { t } from "../i18n";
import { Bin, Down, Up, Warning } from "../ui/icons";
import { Number as NumberField, Select, Text, type Option } from "../ui/fields";
import { Picker, type Found } from "../ui/Picker";
import { Button } from "../ui/parts";
import { blame } from "./blame";
import type { FormProps } from "./CreateForm";
import { editLine, isLinked, newItem, suggestionFor, takeItem } from "./form";
import { LineTracking } from "./Tracking";

interface LineProps extends FormProps {
  line: DraftLine;
  index: number;
  facts: Fact[];
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

export function Line(props: LineProps) {
  const { form, change, line, index, facts, onMove, onRemove } = props;
  const number = index + 1;
  const at = (part: string) => `/lines/${index}/${part}`;
  const put = (part: Partial<DraftLine>) => change(editLine(form, index, part));
  return (
    <li class="line" data-line={index}>
      <fieldset>
        <legend class="hidden">{t("create.line", { number })}</legend>
        <Text className="about" label={t("create.description")} rows={1} value={line.description} error={blame(facts, at("description"))} onChange={(description) => put({ description })} />
        <NumberField label={t("create.quantity")} value={line.quantity} error={blame(facts, at("quantity"))} onChange={(quantity) => put({ quantity })} />
        <NumberField label={t("create.price")} value={line.unit_price} error={blame(facts, at("unit_price"))} onChange={(unit_price) => put({ unit_price })} />
        <Discount {...props} put={put} />
        <Tax {...props} put={put} />
        <Item {...props} put={put} />
        <LineTracking form={form} change={change} index={index} />
        <div class="moves">
          <Button className="icon up" disabled={index === 0} label={t("create.move_up", { number })} work={() => onMove(-1)}><Up /></Button>
          <Button className="icon down" disabled={index === form.draft.lines.length - 1} label={t("create.move_down", { number })} work={() => onMove(1)}><Down /></Button>
          <Button className="icon remove" label={t("create.remove_line", { number })} work={onRemove}><Bin /></Button>
        </div>
      </fieldset>
    </li>
  );
}

type PartProps = LineProps & { put: (part: Partial<DraftLine>) => void };

function Discount({ form, line, index, facts, put }: PartProps) {
  const kind = line.discount?.percent != null ? "percent" : line.discount?.amount != null ? "amount" : "";
  const value = (kind && line.discount?.[kind]) || "";
  const options: Option[] = [["", t("create.discount_none")], ["percent", t("create.discount_percent")], ["amount", t("create.discount_amount", { currency: form.draft.currency })]];
  const of = (chosen: string, text: string) => put({ discount: chosen ? { percent: chosen === "percent" ? text : null, amount: chosen === "amount" ? text : null } : null });
  return (
    <div class="pair">
      <NumberField label={t("create.discount")} value={value} disabled={!kind} error={blame(facts, `/lines/${index}/discount`)} onChange={(text) => of(kind, text)} />
      <Select label={t("create.discount_kind")} value={kind} options={options} onChange={(chosen) => of(chosen, value || "0")} />
    </div>
  );
}

function Tax({ form, line, index, facts, put }: PartProps) {
  const codes = form.prefill.tax_codes;
  if (codes.length === 0 || form.draft.tax_handling === "none") return null;
  const none = line.tax_rate ? t("create.tax_code_missing", { rate: line.tax_rate }) : t("create.tax_code_choose");
  const options: Option[] = [["", none], ...codes.map((code): Option => [code.id, code.name])];
  return <Select label={t("create.tax_code")} className="tax" value={line.tax_code ?? ""} options={options} error={blame(facts, `/lines/${index}/tax_code`)} onChange={(id) => put({ tax_code: id || null })} />;
}

const found = (item: BooksItem, detail = item.code): Found<BooksItem> => ({ id: item.id, label: item.name, detail, value: item });

function Item({ form, api, line, index, facts, put }: PartProps) {
  const suggested = suggestionFor(form, line);
  const wrong = blame(facts, `/lines/${index}/item`, `/lines/${index}/new_item/income_account`);
  if (isLinked(line)) {
    return (
      <div class="field item">
        <span class="label">{t("create.item")}</span>
        <div class="picked small">
          <span class="grow">{line.new_item ? t("create.item_will_be", { name: line.new_item.name }) : line.item_name || line.item_id}</span>
          <Button className="plain" work={() => put({ item_id: null, item_name: "", new_item: null })} label={`${t("common.change")}: ${t("create.item")}`}>{t("common.change")}</Button>
        </div>
        {wrong && <p class="small late">{wrong}</p>}
      </div>
    );
  }
  return (
    <div class="item unlinked">
      <span class="mark" title={t("create.unlinked")}><Warning /><span class="hidden">{t("create.unlinked")}</span></span>
      <Picker<BooksItem> label={t("create.item")} suggested={suggested ? [found(suggested, [t("create.item_suggested"), suggested.code].filter(Boolean).join(" · "))] : []}
        search={async (text) => (await api.get("/connections/{connection_id}/items", { path: { connection_id: form.draft.connection_id }, query: { query: text } })).map((item) => found(item))}
        onPick={(item) => put(takeItem(item))}
        create={{ label: (typed) => (typed ? t("create.item_new_named", { name: typed }) : t("create.item_new")), make: (typed) => put(newItem(line, typed)) }} error={wrong} />
    </div>
  );
}
