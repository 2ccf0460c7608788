/** How the amount came about: the statement of account of what the home page shows, in lists that fit a phone. */
import type { FC } from "hono/jsx";
import { statementsOfAccount } from "../../../books/receivables/index.ts";
import { tellStatement, type ToldItem, type ToldStatement } from "../../../outreach/messaging/index.ts";
import { expectOk } from "../../../pure/kernel/index.ts";
import type { OpenVisit } from "../visit.ts";
import type { Words } from "../words/index.ts";
import { page } from "./layout.tsx";

export async function statementPage({ act, link, frame, account }: OpenVisit): Promise<string> {
  const { words, language } = frame;
  const [statement] = expectOk(
    await statementsOfAccount(act, link.customerId, {
      asOf: account.today,
      creditorId: account.kase.creditorId,
      currency: account.currency,
      only: [...account.items, ...account.credits].map(({ item }) => item.receivableId),
    }),
  );
  if (!statement) throw new Error("an account without its items");
  const told = tellStatement(statement, language);
  return page({
    frame,
    title: words.statement.title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{words.statement.title}</h1>
        <p class="lead">{words.statement.lead(told.asOf)}</p>
        <section aria-labelledby="sums">
          <h2 id="sums">{told.words.sums}</h2>
          <div class="card">
            {told.sums.map(([label, amount]) => (
              <p class="row">
                <span>{label}</span>
                <span>{amount}</span>
              </p>
            ))}
            <p class="total">
              <span>{told.words.together}</span>
              <span>{told.total}</span>
            </p>
          </div>
        </section>
        {told.items.map((item, index) => (
          <Item told={told} words={words} item={item} id={`item-${index}`} />
        ))}
        {told.payments.length > 0 && <Payments told={told} />}
        <section>
          {told.notes.map((note) => (
            <p class="mute">{note}</p>
          ))}
        </section>
      </>
    ),
  });
}

const Item: FC<{ told: ToldStatement; words: Words; item: ToldItem; id: string }> = ({ told, words, item, id }) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{item.title}</h2>
    {item.facts !== "" && <p class="hint">{item.facts}</p>}
    <div class="card">
      {item.movements.map((one) => (
        <p class="row">
          <span>
            {one.what}
            <small>{[one.on, one.note].filter((part) => part !== "").join(", ")}</small>
            <small>{words.statement.after(one.open)}</small>
          </span>
          <span>{one.amount}</span>
        </p>
      ))}
      {item.accrued && (
        <p class="row">
          <span>{item.accrued[0]}</span>
          <span>{item.accrued[1]}</span>
        </p>
      )}
      <p class="total">
        <span>{told.words.itemTotal}</span>
        <span>{item.total}</span>
      </p>
    </div>
    {item.noInterest !== "" && <p class="hint">{item.noInterest}</p>}
    {item.interest && (
      <>
        <h3 class="first">{told.words.interest}</h3>
        <div class="card">
          {item.interest.rows.map((row) => (
            <p class="row">
              <span>
                {row.period}
                <small>{words.statement.days(row.days, row.rate, row.base)}</small>
              </span>
              <span>{row.sum}</span>
            </p>
          ))}
        </div>
        {item.interest.lines.map((line) => (
          <p class="hint">{line}</p>
        ))}
      </>
    )}
  </section>
);

const Payments: FC<{ told: ToldStatement }> = ({ told }) => (
  <section aria-labelledby="payments">
    <h2 id="payments">{told.words.payments}</h2>
    {told.payments.map(({ title, parts }) => (
      <>
        <h3>{title}</h3>
        {parts.map((part) => (
          <p class="hint">{part}</p>
        ))}
      </>
    ))}
  </section>
);
