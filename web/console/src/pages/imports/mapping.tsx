import { NativeSelect } from "@mantine/core";
import type { CsvMapping, MappingChoice } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Pill } from "../../parts/page.tsx";

const SOURCE_TONES = { known: "good", remembered: "good", guessed: "notice", person: "acc", none: "plain" } as const;
/** Shown by the last day of this year: it can be read in one way only. */
const DATE_FORMATS = [
  { value: "DD.MM.YYYY", label: "31.12.2026" },
  { value: "YYYY-MM-DD", label: "2026-12-31" },
  { value: "DD/MM/YYYY", label: "31/12/2026" },
  { value: "MM/DD/YYYY", label: "12/31/2026" },
] as const;

/** Which column means what: guessed, shown, corrected here, and remembered with the import. */
export function Mapping({ mapping, onChange }: { mapping: CsvMapping; onChange: (choice: MappingChoice) => void }) {
  const texts = useTexts();
  const t = texts.imports;
  const names = t.targets as Readonly<Record<string, string>>;
  const chosen = (column?: number, target?: string | null): MappingChoice => ({
    columns: mapping.columns.map((one) => ({
      column: one.column,
      target:
        one.column === column
          ? (target ?? null)
          : // a field is filled by one column only
            target !== null && target !== undefined && one.target === target
            ? null
            : one.target,
    })),
    decimal: mapping.decimal,
    dateFormat: mapping.dateFormat,
  });
  return (
    <>
      <h3>{t.mapping}</h3>
      <p className="tiny">{t.mappingHint}</p>
      <div className="filters" style={{ marginTop: 8 }}>
        <NativeSelect
          label={t.decimal}
          value={mapping.decimal}
          data={[
            { value: ",", label: "1.234,56" },
            { value: ".", label: "1,234.56" },
          ]}
          onChange={(event) => onChange({ ...chosen(), decimal: event.currentTarget.value as "," | "." })}
        />
        <NativeSelect
          label={t.dateFormat}
          value={mapping.dateFormat}
          data={[...DATE_FORMATS]}
          onChange={(event) => onChange({ ...chosen(), dateFormat: event.currentTarget.value })}
        />
        <span className="tiny">
          {t.readAs(mapping.encoding, mapping.delimiter === "\t" ? "Tab" : mapping.delimiter)}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className="mapping" tabIndex={0} role="region" aria-label={t.mapping}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.column}</th>
              <th scope="col">{t.samples}</th>
              <th scope="col">{t.means}</th>
              <th scope="col">{t.how}</th>
            </tr>
          </thead>
          <tbody>
            {mapping.columns.map((column) => (
              <tr key={column.column}>
                <td>
                  <b>{column.header}</b>
                </td>
                <td className="tiny samples">{column.samples.join(" · ")}</td>
                <td>
                  <NativeSelect
                    aria-label={t.meansOf(column.header)}
                    value={column.target ?? ""}
                    data={[
                      { value: "", label: t.notRead },
                      ...mapping.targets.map((target) => ({
                        value: target.name,
                        label: `${names[target.name] ?? target.name}${target.required ? ` (${t.required})` : ""}`,
                      })),
                    ]}
                    onChange={(event) => {
                      const value = event.currentTarget.value;
                      onChange(chosen(column.column, value === "" ? null : value));
                    }}
                  />
                </td>
                <td>
                  <Pill tone={SOURCE_TONES[column.source]}>{t.source[column.source]}</Pill>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Result mapping={mapping} />
    </>
  );
}

/** The first rows as they will be read. */
function Result({ mapping }: { mapping: CsvMapping }) {
  const texts = useTexts();
  const t = texts.imports;
  const names = t.targets as Readonly<Record<string, string>>;
  const format = useFormat();
  // The server tells days and amounts in its own writing; people read theirs.
  const shown = (value: string | undefined) =>
    value === undefined || value === ""
      ? NOTHING
      : /^\d{4}-\d{2}-\d{2}$/.test(value)
        ? format.dayFull(value)
        : /^-?\d+\.\d{2}$/.test(value)
          ? format.bare({ amount: value, currency: "EUR" })
          : value;
  const targets = mapping.columns.flatMap((column) => (column.target === null ? [] : [column.target]));
  if (mapping.rows.length === 0 || targets.length === 0) return null;
  return (
    <>
      <h3>{t.firstRows}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className="mapping prerows" tabIndex={0} role="region" aria-label={t.firstRows}>
        <table>
          <thead>
            <tr>
              {targets.map((target) => (
                <th scope="col" key={target}>
                  {names[target] ?? target}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {mapping.rows.slice(0, 5).map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other key
              <tr key={at}>
                {targets.map((target) => (
                  <td key={target}>{shown(row[target])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
