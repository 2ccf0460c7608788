import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, fileAddress } from "../../api/client.ts";
import type { AccountStatement, StatementItem } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { amountOf, minorOf } from "../../format/index.ts";
import { DayInput } from "../../parts/day-input.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useListState } from "../../parts/list.tsx";
import { Card, Empty, Note, Waiting } from "../../parts/page.tsx";

/** The statement of account as of any day; the same figures as PDF. */
export function CustomerStatement({ customerId }: { customerId: string }) {
  const texts = useTexts();
  const t = texts.customer;
  const { businessDate } = useSignedIn();
  const [{ creditor }] = useListState();
  const [chosen, setChosen] = useState<string | null>(businessDate);
  const asOf = chosen ?? undefined;
  const { data, error, refetch } = useQuery({
    queryKey: ["customer", customerId, "statement", creditor, asOf],
    enabled: asOf !== undefined,
    queryFn: ({ signal }) =>
      call("GET /customers/{customerId}/statement-of-account", {
        path: { customerId },
        query: { asOf, creditor },
        signal,
      }),
  });
  return (
    <>
      <div className="acts statement-day">
        <DayInput label={t.statementOn} value={chosen} onChange={setChosen} hint={t.statementHint} past />
        <a
          className="btn"
          href={fileAddress(`/customers/${customerId}/statement-of-account.pdf`, { asOf, creditor })}
          target="_blank"
          rel="noreferrer"
        >
          <Icon name="letter" small />
          {t.statementPdf}
        </a>
      </div>
      {data === undefined && asOf !== undefined && <Waiting error={error} retry={() => void refetch()} />}
      {data?.statements.length === 0 && <Empty title={t.statementNone} />}
      {data?.statements.map((statement) => (
        <Statement key={`${statement.creditor.id}${statement.currency}`} statement={statement} />
      ))}
    </>
  );
} // prettier-ignore

function Statement({ statement }: { statement: AccountStatement }) {
  const t = useTexts().customer;
  const format = useFormat();
  return (
    <>
      {statement.items.length === 0 ? (
        <Empty title={`${statement.creditor.name}: ${t.statementNothing}`} />
      ) : (
        <Card title={t.statementSum} end={<span className="mute">{statement.creditor.name}</span>}>
          <table className="statement-sums">
            <tbody>
              {statement.sums.map((sum) => (
                <tr key={sum.label}>
                  <td>{sum.label}</td>
                  <td className="r">{format.money(sum.amount)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>{format.dayFull(statement.asOf)}</td>
                <td className="r">{format.money(statement.total)}</td>
              </tr>
            </tfoot>
          </table>
        </Card>
      )}
      {statement.items.map((item) => (
        <Item key={item.id} statement={statement} item={item} />
      ))}
      {statement.payments.length > 0 && (
        <Card title={t.statementPayments}>
          {statement.payments.map((payment) => (
            <div key={`${payment.on}${payment.title}`} className="statement-payment">
              <b>{payment.title}</b>
              {payment.parts.map((part) => (
                <p key={part.itemId} className="mute">
                  {part.text}
                </p>
              ))}
            </div>
          ))}
        </Card>
      )}
      {statement.items.length > 0 && (
        <Note>
          {statement.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Note>
      )}
    </>
  );
}

function Item({ statement, item }: { statement: AccountStatement; item: StatementItem }) {
  const t = useTexts().customer;
  const format = useFormat();
  const { currency } = statement;
  const moved = (...parts: readonly { readonly amount: string }[]): string => {
    const sum = parts.reduce((total, part) => total + minorOf(part.amount), 0n);
    return sum === 0n ? "" : format.money({ amount: amountOf(sum), currency });
  };
  return (
    <Card title={item.title}>
      {item.facts !== "" && <p className="mute">{item.facts}</p>}
      <div className="statement-table" tabIndex={0} role="region" aria-label={`${t.tabs.statement}: ${item.title}`}>
        <table>
          <thead>
            <tr>
              {statement.columns.map((column, index) => (
                <th key={column} scope="col" className={index > 1 ? "r" : "nw"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {item.movements.map((one, index) => (
              <tr key={`${one.on}${one.kind}${index}`}>
                <td className="nw">{format.dayFull(one.on)}</td>
                <td>
                  {one.title}
                  {one.note !== "" && <span className="tiny"> {one.note}</span>}
                </td>
                <td className="r">{moved(one.change.principal)}</td>
                <td className="r">{moved(one.change.interest)}</td>
                <td className="r">{moved(one.change.dunning_cost, one.change.collection_cost)}</td>
                <td className="r">{format.money(one.openAfter)}</td>
              </tr>
            ))}
            {minorOf(item.accrued.amount) !== 0n && (
              <tr>
                <td colSpan={5}>{t.statementAccrued}</td>
                <td className="r">{format.money(item.accrued)}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr>
              <td colSpan={5}>{t.claimTotal}</td>
              <td className="r">{format.money(item.total)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      {item.interest !== null && <Interest statement={statement} interest={item.interest} item={item.title} />}
      {item.noInterest !== null && <p className="mute">{item.noInterest.text}</p>}
    </Card>
  );
}

function Interest({
  statement,
  interest,
  item,
}: {
  statement: AccountStatement;
  interest: NonNullable<StatementItem["interest"]>;
  item: string;
}) {
  const t = useTexts().customer;
  const format = useFormat();
  return (
    <>
      <h3 className="statement-interest">{t.statementInterest}</h3>
      <div className="statement-table" tabIndex={0} role="region" aria-label={`${t.statementInterest}: ${item}`}>
        <table>
          <thead>
            <tr>
              {statement.interestColumns.map((column, index) => (
                <th key={column} scope="col" className={index === 1 || index > 2 ? "r" : "nw"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {interest.segments.map((segment) => (
              <tr key={segment.from}>
                <td className="nw">
                  {format.dayFull(segment.from)} – {format.dayFull(segment.to)}
                </td>
                <td className="r">{segment.days}</td>
                <td>{segment.rateText}</td>
                <td className="r">{format.money(segment.principal)}</td>
                <td className="r">{segment.exact}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {interest.lines.map((line) => (
        <p key={line} className="mute">
          {line}
        </p>
      ))}
    </>
  );
}
