// The API's words, as its OpenAPI document has them.

import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export type Panel = Schemas["PanelModel"];
export type Invoice = Schemas["InvoiceModel"];
export type Intent = Schemas["IntentModel"];
export type Money = Schemas["MoneyModel"];
export type Books = Schemas["BooksModel"];
export type Deal = Schemas["DealModel"];

export type Path = keyof paths;
export type Method = "get" | "post" | "put" | "delete";
export type Answer<P extends Path, M extends Method> = paths[P][M] extends { responses: { 200: { content: { "application/json": infer T } } } } ? T : never;
export type Body<P extends Path, M extends Method> = paths[P][M] extends { requestBody?: { content: { "application/json": infer T } } } ? T : undefined;

/** A fact that stops or warns, as the server says it. */
export interface Fact {
  code: string;
  message: string;
  severity: string;
  fields: string[];
  values: Record<string, string>;
}

export type MailTerms = Schemas["MailTermsModel"];
export type Prefill = Schemas["PrefillModel"];
export type Draft = Schemas["DraftModel-Output"];
export type Line = Schemas["LineModel-Output"];
export type Customer = Schemas["CustomerModel"];
export type Item = Schemas["ItemModel"];
export type Preview = Schemas["PreviewModel"];
export type Details = Schemas["DetailsModel"];

export type ConnectionList = Schemas["ConnectionListModel"];
export type Connection = Schemas["ConnectionModel"];
export type CompanySettings = Schemas["CompanySettingsModel"];
export type CrmField = Schemas["CrmFieldModel"];
export type ConnectionSettings = Schemas["ConnectionSettingsModel"];
export type DealTitle = Schemas["DealTitleModel"];
export type MappedDetails = Schemas["MappedDetailsModel"];
export type Proposal = Schemas["ProposalModel"];
export type Proposals = Schemas["ProposalsModel"];
export type Applied = Schemas["AppliedModel"];
export type ServerFinding = Schemas["FindingModel"];
export type ConnectionOptions = Schemas["ConnectionOptionsModel"];

export type CustomerInvoices = Schemas["CustomerInvoicesModel"];
export type CustomerInvoice = Schemas["CustomerInvoiceModel"];
export type AgedTotals = Schemas["AgedTotalsModel"];
