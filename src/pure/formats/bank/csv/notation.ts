/** How a bank's table writes days and amounts, where its rows leave it open: the header's language says it, or nothing. */
import { FailureError } from "../../../kernel/index.ts";
import { type DateStyle, dateStyleOf, localDecimal, type NumberStyle, numberStyleOf } from "../../text/notation.ts";
import { plainHeader } from "./columns.ts";
import type { BankTable } from "./table.ts";

/** Languages in which no bank writes the month first; an English header leaves it open. */
const DAY_FIRST =
  /betrag|buchung|verwendung|wertstellung|umsatz|datum|libelle|montant|bedrag|omschrijving|importe|importo|fecha|concepto|belopp|belop|belob|solde|saldo|kwota|descrizione|addebiti|data contabile|descricao|montante|castka|objem|kirjauspaiva|tekst/; // prettier-ignore

export function dayStyle(days: readonly string[], { header }: BankTable): DateStyle {
  const style = dateStyleOf(days);
  // Tables without header come from Europe alone.
  if (style === "unknown" && header.every((cell) => cell === "")) return "day_first";
  return style === "unknown" && DAY_FIRST.test(header.map(plainHeader).join(" ")) ? "day_first" : style;
}

/** Languages in which only Switzerland writes a point before the decimals. */
const COMMA =
  /betrag|buchung|verwendung|umsatz|libelle|montant|bedrag|omschrijving|importe|importo|concepto|descrizione|kwota|descricao|montante|castka|ciastka/; // prettier-ignore

/** From all values, else from the header's language; what stays open is refused. */
export function amountStyle(
  values: readonly string[],
  { header, line }: BankTable,
  currency: string | null,
): NumberStyle {
  const style = numberStyleOf(values);
  const open = values.filter((value) => {
    const read = localDecimal(value.replace(/^\+/, ""), "unknown");
    return !read.ok && read.error.code === "amount_ambiguous";
  });
  if (style !== "unknown" || open.length === 0) return style;
  // Swedish banks write all amounts with three decimals.
  const machines =
    values.filter((value) => /\d/.test(value)).length === open.length && open.every((value) => value.includes("."));
  if (currency !== "CHF" && COMMA.test(header.map(plainHeader).join(" "))) return "comma";
  if (machines) return "point";
  throw new FailureError({
    kind: "invalid",
    code: "bank_csv_amount_ambiguous",
    message:
      "Whether a separator is for thousands or for decimals can be told in no row, and the header's language does not say.",
    where: `${line}:1`,
  });
}
