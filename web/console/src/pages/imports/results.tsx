import type { ImportJob, ImportPreview, ImportResult } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Note, Pill } from "../../parts/page.tsx";

/** What the file is and what it holds, before anything is stored. */
export function PreviewFacts({ preview }: { preview: ImportPreview }) {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  const { result } = preview;
  return (
    <>
      <dl className="facts">
        <dt>{t.recognised}</dt>
        <dd>
          {result.format === "csv" ? "CSV" : result.format}{" "}
          <Pill tone={result.status === "ok" ? "good" : result.status === "partial" ? "notice" : "problem"}>
            {t.status[result.status]}
          </Pill>
        </dd>
      </dl>
      {result.error !== null && (
        <Note tone="problem">
          {result.error.message} <span className="mono">{result.error.where}</span>
        </Note>
      )}
      <Statements result={result} />
      <Invoices result={result} />
      {result.records > 0 && <p>{t.records(result.records, format.number(result.records))}</p>}
      <Warnings warnings={result.warnings} />
    </>
  );
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  const texts = useTexts();
  if (warnings.length === 0) return null;
  return (
    <Note tone="notice">
      {warnings.slice(0, 8).map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
      {warnings.length > 8 && <p>{texts.imports.moreWarnings(warnings.length - 8)}</p>}
    </Note>
  );
}

function Statements({ result }: { result: ImportResult }) {
  const texts = useTexts();
  const format = useFormat();
  if (result.statements.length === 0) return null;
  const money = (amount: string, currency: string) => format.money({ amount, currency });
  return (
    <div className="mapping">
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.statements.account}</th>
            <th scope="col" className="r">
              {texts.statements.opening}
            </th>
            <th scope="col" className="r">
              {texts.statements.credits}
            </th>
            <th scope="col" className="r">
              {texts.statements.debits}
            </th>
            <th scope="col" className="r">
              {texts.statements.closing}
            </th>
            <th scope="col" className="r">
              {texts.statements.entries}
            </th>
            <th scope="col">{texts.statements.reconciles}</th>
          </tr>
        </thead>
        <tbody>
          {result.statements.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: statements of a file have no other key
            <tr key={at}>
              <td className="nw">{iban(one.account)}</td>
              <td className="r">{money(one.opening, one.currency)}</td>
              <td className="r">{money(one.sumCredit, one.currency)}</td>
              <td className="r">{money(one.sumDebit, one.currency)}</td>
              <td className="r">{money(one.closing, one.currency)}</td>
              <td className="r">{format.number(one.entries)}</td>
              <td>{one.reconciles ? texts.statements.yes : texts.statements.no}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Invoices({ result }: { result: ImportResult }) {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  if (result.invoices.length === 0) return null;
  return (
    <div className="mapping">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.invoice}</th>
            <th scope="col">{t.buyer}</th>
            <th scope="col">{texts.words.dueDate}</th>
            <th scope="col" className="r">
              {texts.words.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {result.invoices.slice(0, 10).map((one) => (
            <tr key={one.number}>
              <td>{one.number}</td>
              <td>{one.buyer}</td>
              <td className="nw">{format.dayShort(one.dueDate)}</td>
              <td className="r">{format.money({ amount: one.payable, currency: one.currency })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {result.invoices.length > 10 && <p className="tiny">{t.moreInvoices(result.invoices.length - 10)}</p>}
    </div>
  );
}

/** What became of it. The second time the same file changes nothing, and says so. */
export function ResultFacts({ job }: { job: ImportJob }) {
  const texts = useTexts();
  const t = texts.imports;
  const format = useFormat();
  const { result, matched } = job;
  if (result === null) return null;
  return (
    <>
      {result.error !== null && (
        <Note tone="problem">
          {result.error.message} <span className="mono">{result.error.where}</span>
        </Note>
      )}
      {result.imported !== null && result.imported.new === 0 && result.imported.known > 0 && (
        <Note tone="info">{t.allKnown}</Note>
      )}
      <div className="numbers">
        {result.imported !== null && (
          <>
            <div>
              <b>{format.number(result.imported.new)}</b>
              <span className="tiny">{t.fresh}</span>
            </div>
            <div>
              <b>{format.number(result.imported.known)}</b>
              <span className="tiny">{t.known}</span>
            </div>
          </>
        )}
        {matched !== null &&
          (["automatic", "proposed", "unmatched"] as const).map((key) => (
            <div key={key}>
              <b>{format.number(matched[key])}</b>
              <span className="tiny">{texts.today[key]}</span>
            </div>
          ))}
      </div>
      <Warnings warnings={result.warnings} />
    </>
  );
}
