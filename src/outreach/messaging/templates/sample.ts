/** Made-up values for every variable: checks of length, the preview in the editor, the test message to oneself. */
import { EUR, type PlainDate } from "../../../pure/kernel/index.ts";
import type { Language } from "./formats.ts";
import { ELEMENT_OF, listFields, type MessageValues, PLACEHOLDERS } from "./placeholders.ts";

function valueOf(example: string, type: string): unknown {
  if (example === "") return undefined;
  const [whole = "0", fraction = ""] = example.split(".");
  if (type === "money") return { minor: BigInt(`${whole}${fraction.padEnd(2, "0")}`), currency: EUR };
  if (type === "rate") return { digits: BigInt(`${whole}${fraction}`), scale: fraction.length };
  if (type === "flag") return example === "yes";
  if (type === "count") return Number(example);
  if (type === "date") return example as PlainDate;
  return example;
}

/** A complete set of values with fictional people; the sums of the item table agree with `case.total`. */
export function sampleValues(language: Language): MessageValues {
  const values: Record<string, Record<string, unknown> | unknown[]> = {};
  for (const { path, type, group, example, list } of PLACEHOLDERS.values()) {
    if (list !== null || type === "day" || [...ELEMENT_OF.values()].includes(group)) continue;
    const holder = (values[group] ??= {}) as Record<string, unknown>;
    holder[path.slice(group.length + 1)] = valueOf(example[language], type);
  }
  for (const list of ELEMENT_OF.keys()) {
    const element = Object.fromEntries(
      Object.entries(listFields(list)).map(([field, [type, german, english]]) => [
        field,
        valueOf(language === "de" ? german : (english ?? german), type.replace("?", "")),
      ]),
    );
    if (list === "plan.instalments") {
      const dates = ["2026-12-01", "2027-01-01", "2027-02-01"] as PlainDate[];
      const plan = values["plan"] as Record<string, unknown>;
      plan["instalments"] = dates.map((on, index) => ({ ...element, number: index + 1, on }));
      values["instalment"] = { ...element };
    } else values[list] = list === "items" || list === "allocations" ? [element] : [];
  }
  values["credit"] = { amount: valueOf("10.00", "money") };
  return values as MessageValues;
}
