/** What a look at a file says before it is taken in: how its columns are read, what a list would change. */
import { ALL_FIELDS, type ListPreview, REQUIRED_FIELDS, type TablePreview } from "../../../books/intake/index.ts";
import { moneyOf } from "../said/index.ts";

const DATE_FORMATS = { day_first: "DD.MM.YYYY", month_first: "MM/DD/YYYY" } as const;

/** Dates that can be read in one way only need no style; told is then how they look. */
function dateFormatOf({ table, found: { mapping } }: TablePreview): "YYYY-MM-DD" | "DD.MM.YYYY" | "MM/DD/YYYY" {
  if (mapping.dateStyle !== "unknown") return DATE_FORMATS[mapping.dateStyle];
  const columns = mapping.columns.filter(({ field }) => field === "due_date" || field === "issue_date");
  const dotted = table.records
    .slice(0, 50)
    .some(({ cells }) => columns.some(({ column }) => /^\s*\d{1,2}\.\d{1,2}\./.test(cells[column] ?? "")));
  return dotted ? "DD.MM.YYYY" : "YYYY-MM-DD";
}

export function mappingOf(preview: TablePreview) {
  const { table, found, rows } = preview;
  const { mapping, source } = found;
  return {
    delimiter: table.delimiter,
    encoding: table.encoding,
    decimal: mapping.numberStyle === "point" ? ("." as const) : ("," as const),
    dateFormat: dateFormatOf(preview),
    columns: mapping.columns.map(({ column, header, field, confidence }) => ({
      column,
      header,
      samples: [...new Set(table.records.slice(0, 50).map(({ cells }) => (cells[column] ?? "").trim()))]
        .filter((text) => text !== "")
        .slice(0, 3)
        .map((text) => text.slice(0, 80)),
      target: field,
      source:
        source === "given"
          ? ("person" as const)
          : field === null
            ? ("none" as const)
            : source === "remembered"
              ? ("remembered" as const)
              : confidence === 1
                ? ("known" as const)
                : ("guessed" as const),
    })),
    targets: ALL_FIELDS.map((name) => ({ name, required: REQUIRED_FIELDS.includes(name) })),
    missing: [...mapping.missing],
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).map(([field, value]) => [field, value ?? ""]))),
  };
}

export const snapshotOf = ({ vanishedAmounts, stops, ...list }: ListPreview) => ({
  ...list,
  vanishedAmounts: [...vanishedAmounts].map(([currency, minor]) => moneyOf(minor, currency)),
  mustConfirm: stops,
});
