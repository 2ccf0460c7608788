import { Link, useNavigate } from "@tanstack/react-router";
import type { StatementRow } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { iban } from "../../format/index.ts";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Pill } from "../../parts/page.tsx";
import { BankHead } from "../bank/bank-head.tsx";

export function StatementsPage() {
  const texts = useTexts();
  const t = texts.statements;
  const format = useFormat();
  const navigate = useNavigate();
  const list = useServerList("GET /bank/statements", { key: ["bank", "statements"], filters: ["reconciles"] });
  useKeys([{ keys: "e", label: texts.bank.importStatement, bar: true, run: () => void navigate({ to: "/imports" }) }]);
  const columns: readonly Column<StatementRow>[] = [
    {
      key: "account",
      label: t.account,
      sort: true,
      render: (row) => (
        <>
          <b className="nw">
            <Link to="/bank" search={{ view: "booked", statement: row.id } as never}>
              {iban(row.account)}
            </Link>
          </b>
          <span className="tiny">{row.creditor.name}</span>
        </>
      ),
    },
    { key: "number", label: t.number, render: (row) => row.number },
    {
      key: "to",
      label: t.period,
      sort: true,
      className: "nw",
      render: (row) =>
        row.from === row.to
          ? format.dayShort(row.to)
          : `${format.dayShort(row.from)} ${texts.common.to} ${format.dayShort(row.to)}`,
    },
    { key: "opening", label: t.opening, right: true, render: (row) => format.money(row.opening) },
    { key: "credits", label: t.credits, right: true, render: (row) => format.money(row.credits) },
    { key: "debits", label: t.debits, right: true, render: (row) => format.money(row.debits) },
    { key: "closing", label: t.closing, right: true, sort: true, render: (row) => format.money(row.closing) },
    { key: "entries", label: t.entries, right: true, sort: true, render: (row) => format.number(row.entries) },
    {
      key: "reconciles",
      label: t.reconciles,
      render: (row) =>
        row.reconciles ? (
          <Pill tone="good" icon="check">
            {t.yes}
          </Pill>
        ) : (
          <Pill tone="notice" icon="alert">
            {t.no}
          </Pill>
        ),
    },
    {
      key: "importedAt",
      label: t.imported,
      sort: true,
      className: "nw",
      render: (row) => format.instant(row.importedAt),
    },
  ];
  return (
    <>
      <BankHead current="statements" />
      <ListBar
        list={list}
        filters={[
          {
            name: "reconciles",
            label: t.reconciles,
            options: [
              ["yes", texts.common.yes],
              ["no", texts.common.no],
            ],
          },
        ]}
      />
      <ListDetail
        label={texts.bank.statements}
        columns={columns}
        list={list}
        onOpen={(row) => void navigate({ to: "/bank", search: { view: "booked", statement: row.id } as never })}
        empty={<Empty title={t.empty} />}
      />
    </>
  );
}
