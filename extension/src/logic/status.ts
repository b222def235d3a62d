// The eight statuses, and the one word that differs: what is open is, for one kind of books, awaiting payment.

export const STATUSES = ["draft", "awaiting_approval", "open", "partially_paid", "paid", "overdue", "voided", "deleted"] as const;
export type Status = (typeof STATUSES)[number];

const WAITS_FOR_PAYMENT = "xero";

export const statusKey = (status: Status, provider: string) => `status.${status === "open" && provider === WAITS_FOR_PAYMENT ? "awaiting_payment" : status}` as const;

export const isStatus = (word: string): word is Status => (STATUSES as readonly string[]).includes(word);
