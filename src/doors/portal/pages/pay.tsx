/** Pay: GiroCode and transfer data, for everything, one item or an own amount. */
import type { Child, FC } from "hono/jsx";
import { formatGroups, formatTableDate } from "../../../outreach/messaging/index.ts";
import { formatMinor, type ReceivableId } from "../../../pure/kernel/index.ts";
import { bic as readBic, iban as readIban, writeGiro } from "../../../pure/formats/index.ts";
import type { Account } from "../account.ts";
import type { Words } from "../words/index.ts";
import { GiroSvg } from "./giro.tsx";
import { amountIn } from "./home.tsx";
import { Calm, type Frame, Icon, Numbered, page } from "./layout.tsx";

/** What the customer chose: everything, one item, or an own amount. */
export type PayChoice = "all" | "other" | ReceivableId;

const CopyRow: FC<{ words: Words; name: string; shown: string; copied?: string }> = ({
  words,
  name,
  shown,
  copied,
}) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <span class="value">{shown}</span>
    </dd>
    {copied !== undefined && (
      <dd class="cp">
        <button
          class="cp"
          type="button"
          data-copy={copied}
          data-copied={words.copied(name)}
          aria-label={words.copy(name)}
        >
          <span class="no">
            <Icon name="copy" small />
          </span>
          <span class="yes">
            <Icon name="check" small />
          </span>
        </button>
      </dd>
    )}
  </div>
);

export function payPage(frame: Frame, account: Account, choice: PayChoice): string {
  const { words, language, base } = frame;
  const pay = words.pay;
  const amount = amountIn(account, language);
  const one = account.items.find(({ item }) => item.receivableId === choice);
  const minor = choice === "other" ? undefined : (one?.claim.totalMinor ?? account.totalMinor);
  const reference = one ? one.item.paymentReference : account.reference;
  const bank = account.creditor.accounts.find((each) => each.isDefault) ?? account.creditor.accounts[0];
  const iban = bank && readIban(bank.iban);
  const bic = bank?.bic === undefined ? undefined : readBic(bank.bic);
  const giro =
    bank && account.currency === "EUR"
      ? writeGiro({
          name: bank.accountHolder,
          iban: bank.iban,
          reference,
          ...(minor !== undefined && { amount: formatMinor(minor, account.currency) }),
        })
      : undefined;
  const shown = minor === undefined ? undefined : amount(minor);
  const options: { key: string; title: Child; detail: string; value?: string }[] = [
    { key: "all", title: pay.all, detail: pay.allMore, value: amount(account.totalMinor) },
    ...(account.items.length > 1
      ? account.items.map(({ item, claim }) => ({
          key: item.receivableId,
          title: <Numbered text={words.line.invoice(item.number)} number={item.number} />,
          detail: words.home.due(formatTableDate(item.dueOn, language)),
          value: amount(claim.totalMinor),
        }))
      : []),
    { key: "other", title: pay.other, detail: pay.otherMore },
  ];
  const chosen = one ? one.item.receivableId : choice === "other" ? "other" : "all";
  return page({
    frame,
    title: pay.title,
    back: true,
    children: (
      <div class="two">
        <div>
          <h1 class="head">{pay.h1}</h1>
          <p class="lead">{pay.lead}</p>
          <nav class="stack" aria-label={pay.choices}>
            <ul class="opts">
              {options.map((option) => (
                <li>
                  <a
                    class="opt"
                    href={`${base}/pay${option.key === "all" ? "" : `?item=${option.key}`}`}
                    aria-current={option.key === chosen ? "true" : undefined}
                  >
                    {option.value !== undefined && <span class="v">{option.value}</span>}
                    <b>{option.title}</b>
                    <small>{option.detail}</small>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          {giro?.ok && (
            <section aria-labelledby="app">
              <h2 id="app">{pay.app}</h2>
              <div class="card giro">
                <div class="plate">
                  <GiroSvg
                    payload={giro.value.payload}
                    label={shown === undefined ? pay.codeLabelOpen : pay.codeLabel(shown)}
                  />
                </div>
                <p>{shown === undefined ? pay.codeOpen : pay.code(shown)}</p>
              </div>
            </section>
          )}
        </div>
        <div>
          <section aria-labelledby="hand">
            <h2 id="hand">{giro?.ok ? pay.orHand : pay.hand}</h2>
            {bank && iban?.ok ? (
              <>
                <dl class="card data">
                  <CopyRow words={words} name={pay.payee} shown={bank.accountHolder} copied={bank.accountHolder} />
                  <CopyRow words={words} name={pay.iban} shown={formatGroups(iban.value)} copied={iban.value} />
                  {bic?.ok && !iban.value.startsWith("DE") && (
                    <CopyRow words={words} name={pay.bic} shown={bic.value} copied={bic.value} />
                  )}
                  {minor !== undefined && shown !== undefined ? (
                    <CopyRow
                      words={words}
                      name={pay.amount}
                      shown={shown}
                      copied={formatMinor(minor, account.currency).replace(".", language === "de" ? "," : ".")}
                    />
                  ) : (
                    <CopyRow words={words} name={pay.amount} shown={pay.amountOpen} />
                  )}
                  <CopyRow words={words} name={pay.reference} shown={formatGroups(reference)} copied={reference} />
                </dl>
                <p class="hint">{pay.referenceMore}</p>
              </>
            ) : (
              <p class="lead">{pay.noAccount}</p>
            )}
          </section>
          <section>
            <Calm icon="shield" title={pay.calm}>
              {pay.calmMore}
            </Calm>
          </section>
          <section>
            <a class="btn line" href={`${base}/paid`}>
              {pay.done}
            </a>
          </section>
        </div>
      </div>
    ),
  });
}
