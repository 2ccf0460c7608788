import { call } from "../../api/client.ts";
import type { DuplicatePayment, DuplicatePaymentAct, PaymentOnce } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import type { Column } from "../../parts/list.tsx";
import { Detail, ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { Empty, Pill } from "../../parts/page.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { useAct, useChosen } from "../../parts/use-act.ts";
import { BankHead } from "./bank-head.tsx";

/** Claims paid twice: both payments side by side, and what becomes of the second. */
export function BankTwicePage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const act = useAct([["bank"], ["worklist"]]);
  const list = useServerList("GET /bank/duplicate-payments", {
    key: ["bank", "duplicate-payments"],
    filters: ["state"],
    preset: { state: "open" },
  });
  const chosen = useChosen(list.rows);
  const { current } = chosen;
  const decide = (row: DuplicatePayment, what: DuplicatePaymentAct) => {
    chosen.advance();
    void act(t.twiceSaid[what], () =>
      call("POST /bank/duplicate-payments/{workId}/decide", { path: { workId: row.id }, body: { act: what } }),
    );
  };
  useKeys(
    (current?.acts ?? []).map((what, at) => ({
      keys: String(at + 1),
      label: t.twiceAct[what],
      bar: true,
      run: () => current && decide(current, what),
    })),
  );
  const columns: readonly Column<DuplicatePayment>[] = [
    customerColumn(texts.words.customer),
    { key: "number", label: texts.words.item, sort: true, render: (row) => row.number },
    {
      key: "on",
      label: t.paidOn,
      className: "nw",
      render: (row) => t.and(format.dayShort(row.first.on), format.dayShort(row.second.on)),
    },
    {
      key: "amount",
      label: texts.words.amount,
      right: true,
      sort: true,
      sum: true,
      render: (row) => format.money(row.amount),
    },
    {
      key: "state",
      label: texts.words.state,
      render: (row) => <Pill tone={row.state === "open" ? "notice" : "plain"}>{t.twiceState[row.state]}</Pill>,
    },
  ];
  return (
    <>
      <BankHead current="twice" />
      <ListBar list={list} filters={[{ name: "state", label: texts.words.state, options: [["decided", t.decided]] }]} />
      <ListDetail
        list={list}
        chosen={chosen}
        label={t.place.twice}
        columns={columns}
        empty={<Empty title={t.noneTwice} />}
      >
        {(row) => (
          <Detail
            label={t.place.twice}
            title={row.customer.name}
            end={<span className="amt">{format.money(row.amount)}</span>}
          >
            <p>{row.why.text}</p>
            <Payment title={t.firstPayment} payment={row.first} />
            <Payment title={t.secondPayment} payment={row.second} />
            <div className="do">
              {row.acts.map((what, at) => (
                <Button key={what} go={at === 0} wide keyName={String(at + 1)} onClick={() => decide(row, what)}>
                  {t.twiceAct[what]}
                </Button>
              ))}
            </div>
          </Detail>
        )}
      </ListDetail>
    </>
  );
}

function Payment({ title, payment }: { title: string; payment: PaymentOnce }) {
  const t = useTexts().bank;
  const format = useFormat();
  return (
    <div>
      <h3>{title}</h3>
      <p className="panel-h">
        <span>{format.dayFull(payment.on)}</span>
        <b>{format.money(payment.amount)}</b>
      </p>
      <p className="quote">
        {payment.remittance === "" ? t.noText : payment.remittance}
        <small>{iban(payment.account)}</small>
      </p>
    </div>
  );
}
