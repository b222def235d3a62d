// A table as CSV that spreadsheets open as it is: RFC 4180, with a mark for UTF-8, and no cell that is a formula.

const MARK = "\ufeff";

export const csv = (rows: readonly (readonly string[])[]): string => MARK + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

function cell(text: string): string {
  // What begins so is computed by a spreadsheet: a customer's name must not be. Plain numbers may stay negative.
  const plain = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
