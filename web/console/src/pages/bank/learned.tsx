import { call } from "../../api/client.ts";
import type { KnownAccount } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { customerColumn } from "../../parts/customer-cell.tsx";
import type { Column } from "../../parts/list.tsx";
import { ListBar, ListDetail } from "../../parts/list-detail.tsx";
import { useServerList } from "../../parts/server-list.ts";
import { Empty, Pill } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { BankHead } from "./bank-head.tsx";

/** What matching learned: whose accounts it knows and how it came to that; each can be forgotten. */
export function BankLearnedPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const act = useAct([["bank"]]);
  const list = useServerList("GET /bank/accounts", { key: ["bank", "accounts"] });
  const forget = (row: KnownAccount) => {
    const options = { path: { accountId: row.accountId }, body: { customerId: row.customer.id } };
    return act(
      t.forgotten(row.customer.name),
      () => call("POST /bank/accounts/{accountId}/forget", options),
      () => call("POST /bank/accounts/{accountId}/remember", options),
    );
  };
  const columns: readonly Column<KnownAccount>[] = [
    customerColumn(texts.words.customer),
    { key: "iban", label: texts.statements.account, className: "nw", render: (row) => row.iban ?? t.accountHidden },
    {
      key: "relation",
      label: t.relationHead,
      render: (row) => <Pill tone={row.relation === "own" ? "good" : "plain"}>{t.relation[row.relation]}</Pill>,
    },
    {
      key: "learned",
      label: t.learnedHow,
      render: (row) => (
        <>
          {row.learned.text}
          <span className="tiny">{format.instant(row.learnedAt)}</span>
        </>
      ),
    },
    {
      key: "payments",
      label: t.payments,
      right: true,
      sort: true,
      render: (row) => format.number(row.payments),
    },
    {
      key: "lastPaidOn",
      label: t.lastPaid,
      sort: true,
      className: "nw",
      render: (row) => (row.lastPaidOn === null ? NOTHING : format.dayShort(row.lastPaidOn)),
    },
    {
      key: "acts",
      label: texts.common.actsHead,
      right: true,
      render: (row) => (
        <span className="rowacts">
          {row.forgottenAt === null ? (
            <Button label={t.forgetAccount(row.customer.name)} onClick={() => void forget(row)}>
              {t.forget}
            </Button>
          ) : (
            <span className="tiny">{t.isForgotten}</span>
          )}
        </span>
      ),
    },
  ];
  return (
    <>
      <BankHead current="learned" />
      <ListBar list={list} />
      <ListDetail
        label={t.place.learned}
        columns={columns}
        list={list}
        idOf={(row) => `${row.accountId}${row.customer.id}`}
        empty={<Empty title={t.nothingLearned} />}
      />
    </>
  );
}
