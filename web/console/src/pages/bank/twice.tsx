import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { DuplicatePayment, DuplicatePaymentAct, PaymentOnce } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber, iban } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, Pill } from "../../parts/page.tsx";
import { useAct, useCurrent } from "../../parts/use-act.ts";
import { BankHead } from "./bank-head.tsx";

/** Claims paid twice: both payments side by side, and what becomes of the second. */
export function BankTwicePage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor, q, sort, offset, state = "open" }] = useListState();
  const act = useAct([["bank"], ["worklist"]]);
  const query = {
    creditor,
    q,
    sort,
    state: state as "open" | "decided",
    offset: offset ? Number(offset) : undefined,
    limit: PAGE,
  };
  const { data, error, refetch } = useQuery({
    queryKey: ["bank", "duplicate-payments", query],
    queryFn: ({ signal }) => call("GET /bank/duplicate-payments", { query, signal }),
    placeholderData: (before) => before,
  });
  const { current, select, advance } = useCurrent(data?.rows ?? []);
  const decide = (row: DuplicatePayment, what: DuplicatePaymentAct) => {
    advance();
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
    {
      key: "customer",
      label: texts.words.customer,
      sort: true,
      render: (row) => (
        <>
          <b>
            <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
              {row.customer.name}
            </Link>
          </b>
          <span className="tiny">{customerNumber(row.customer.number)}</span>
        </>
      ),
    },
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
      <FilterBar
        placeholder={texts.common.filterText}
        filters={[{ name: "state", label: texts.words.state, options: [["decided", t.decided]] }]}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/bank/duplicate-payments"
        exportQuery={query}
      />
      <div className="listdetail fill">
        <DataList
          label={t.place.twice}
          columns={columns}
          data={data}
          error={error}
          retry={() => void refetch()}
          idOf={(row) => row.id}
          current={current?.id}
          onCurrent={select}
          empty={<Empty title={t.noneTwice} />}
        />
        {current !== undefined && (
          <aside className="card detail" aria-label={t.place.twice}>
            <div className="panel-h">
              <h2>{current.customer.name}</h2>
              <span className="amt">{format.money(current.amount)}</span>
            </div>
            <p>{current.why.text}</p>
            <Payment title={t.firstPayment} payment={current.first} />
            <Payment title={t.secondPayment} payment={current.second} />
            <div className="do">
              {current.acts.map((what, at) => (
                <Button key={what} go={at === 0} wide keyName={String(at + 1)} onClick={() => decide(current, what)}>
                  {t.twiceAct[what]}
                </Button>
              ))}
            </div>
          </aside>
        )}
      </div>
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
