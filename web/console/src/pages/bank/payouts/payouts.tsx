import type { PayoutRow, PayoutState } from "../../../api/contract.ts";
import { useFormat, useTexts } from "../../../app/session.tsx";
import { type Column, useListState } from "../../../parts/list.tsx";
import { ListBar, ListDetail } from "../../../parts/list-detail.tsx";
import { Empty, Pill } from "../../../parts/page.tsx";
import { useServerList } from "../../../parts/server-list.ts";
import { useChosen } from "../../../parts/use-act.ts";
import { BankHead } from "../bank-head.tsx";
import { PayoutDetail } from "./payout-detail.tsx";
import "./payouts.css";

const STATES = ["partial", "waiting", "settled", "set_aside"] as const satisfies readonly PayoutState[];
const TONES = { waiting: "info", partial: "notice", settled: "good", set_aside: "plain" } as const;

/** Payouts of payment providers: what each line did, and those that wait for a person. */
export function BankPayoutsPage() {
  const texts = useTexts();
  const t = texts.payouts;
  const format = useFormat();
  const [{ sel }] = useListState();
  const list = useServerList("GET /bank/payouts", { key: ["bank", "payouts"], filters: ["state"] });
  const chosen = useChosen(list.rows);
  const columns: readonly Column<PayoutRow>[] = [
    {
      key: "provider",
      label: t.provider,
      sort: true,
      render: (row) => (
        <>
          <b>{row.provider}</b>
          <br />
          <span className="tiny">{row.reference}</span>
        </>
      ),
    },
    {
      key: "paidOn",
      label: t.paidOn,
      sort: true,
      className: "nw",
      render: (row) => row.paidOn && format.dayShort(row.paidOn),
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
      sort: true,
      render: (row) => (
        <>
          <Pill tone={TONES[row.state]}>{t.state[row.state]}</Pill>
          <br />
          <span className="tiny">{row.said.text}</span>
        </>
      ),
    },
  ];
  return (
    <>
      <BankHead current="payouts" />
      <ListBar
        list={list}
        placeholder={t.filter}
        filters={[{ name: "state", label: texts.words.state, options: STATES.map((one) => [one, t.state[one]]) }]}
      />
      <ListDetail
        list={list}
        chosen={chosen}
        label={texts.bank.place.payouts}
        columns={columns}
        empty={<Empty title={t.none}>{t.noneHint}</Empty>}
      >
        {(row) => <PayoutDetail key={sel ?? row.id} payoutId={sel ?? row.id} />}
      </ListDetail>
    </>
  );
}
