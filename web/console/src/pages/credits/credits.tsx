import { Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { CreditBalance } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { minorOf, readAmount } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Note, Pill } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { CreditsHead } from "./credits-head.tsx";
import "./credits.css";

/** Money that is the customer's: since when, why, and the proposal to give it back. */
export function CreditsPage() {
  const texts = useTexts();
  const t = texts.credits;
  const format = useFormat();
  const [proposing, setProposing] = useState<CreditBalance | null>(null);
  const list = useServerList("GET /credit-balances", { key: ["credits", "balances"], filters: ["agefrom", "ageto"] });

  const columns: readonly Column<CreditBalance>[] = [
    customerColumn(texts.words.customer, (row) => ` · ${row.creditor.name}`),
    { key: "cause", label: t.cause, render: (row) => row.cause.text },
    {
      key: "ageDays",
      label: t.age,
      sort: true,
      render: (row) => (
        <span className="age">
          <span className="bar-track" aria-hidden="true">
            <i style={{ width: `${Math.min(100, Math.round((row.ageDays / LONG) * 100))}%` }} />
          </span>
          <span className="nw">
            {texts.bank.days(row.ageDays)}
            <span className="tiny">{format.dayShort(row.since)}</span>
          </span>
        </span>
      ),
    },
    {
      key: "owed",
      label: t.owed,
      right: true,
      render: (row) => format.money(row.owed),
    },
    {
      key: "amount",
      label: t.credit,
      right: true,
      sort: true,
      sum: true,
      render: (row) => <b>{format.money(row.amount)}</b>,
    },
    {
      key: "acts",
      label: texts.common.actsHead,
      right: true,
      render: (row) =>
        row.refund !== null ? (
          <Link className="link" to="/credits/refunds" search={{ sel: row.refund.id } as never}>
            <Pill tone="info">{t.state[row.refund.state]}</Pill>
          </Link>
        ) : row.account === null ? (
          <span className="tiny">{t.noAccount}</span>
        ) : row.mayPropose ? (
          <span className="rowacts">
            <Button label={t.proposeFor(row.customer.name)} onClick={() => setProposing(row)}>
              {t.propose}
            </Button>
          </span>
        ) : null,
    },
  ];
  return (
    <>
      <CreditsHead current="balances" />
      <ListBar
        list={list}
        filters={[{ name: "agefrom", label: t.age, options: AGES.map((days) => [days, t.olderThan(days)] as const) }]}
      />
      <ListDetail label={t.place.balances} columns={columns} list={list} empty={<Empty title={t.none} />} />
      {proposing !== null && <RefundDialog balance={proposing} onClose={() => setProposing(null)} />}
    </>
  );
}
/** From so many days on the bar is full. */
const LONG = 180;
const AGES = ["31", "91", "366"] as const;

function RefundDialog({ balance, onClose }: { balance: CreditBalance; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.credits;
  const format = useFormat();
  const act = useAct([["credits"], ["worklist"]]);
  const [text, setText] = useState(format.bare(balance.amount));
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const amount = readAmount(text);
  const fault =
    amount === null || minorOf(amount) <= 0n
      ? texts.bank.noAmount
      : minorOf(amount) > minorOf(balance.amount.amount)
        ? t.atMost(format.money(balance.amount))
        : null;
  const { account } = balance;
  return (
    <Dialog title={t.proposeTitle(balance.customer.name)} size="sm" onClose={onClose}>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setSent(true);
          if (fault !== null || amount === null) return;
          onClose();
          void act(t.proposed, () =>
            call("POST /refunds", {
              body: {
                customerId: balance.customer.id,
                itemId: balance.id,
                amount: { amount, currency: balance.amount.currency },
                reason: reason.trim() === "" ? null : reason.trim(),
              },
            }),
          );
        }}
      >
        {account !== null && (
          <dl className="facts">
            <dt>{t.to}</dt>
            <dd>
              <b>{account.iban}</b>
              {account.holder !== null && `, ${account.holder}`}
              <p className="tiny">{t.onlyBack}</p>
            </dd>
          </dl>
        )}
        {minorOf(balance.owed.amount) > 0n && <Note tone="notice">{t.owes(format.money(balance.owed))}</Note>}
        <TextInput
          label={texts.words.amount}
          inputMode="decimal"
          data-autofocus
          value={text}
          error={sent ? fault : null}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Textarea
          label={`${t.reason} (${texts.common.optional})`}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <p className="tiny">{t.fourEyes}</p>
        <div className="acts">
          <Button go type="submit">
            {t.propose}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
