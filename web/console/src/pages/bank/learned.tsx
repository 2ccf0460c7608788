import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { KnownAccount } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { type Column, DataList, FilterBar, PAGE, useListState } from "../../parts/list.tsx";
import { Empty, Pill } from "../../parts/page.tsx";
import { useAct } from "../../parts/use-act.ts";
import { BankHead } from "./bank-head.tsx";

/** What matching learned: whose accounts it knows and how it came to that; each can be forgotten. */
export function BankLearnedPage() {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor, q, sort, offset }] = useListState();
  const act = useAct([["bank"]]);
  const query = { creditor, q, sort, offset: offset ? Number(offset) : undefined, limit: PAGE };
  const { data, error, refetch } = useQuery({
    queryKey: ["bank", "accounts", query],
    queryFn: ({ signal }) => call("GET /bank/accounts", { query, signal }),
    placeholderData: (before) => before,
  });
  const forget = (row: KnownAccount) => {
    const options = { path: { accountId: row.accountId }, body: { customerId: row.customer.id } };
    return act(
      t.forgotten(row.customer.name),
      () => call("POST /bank/accounts/{accountId}/forget", options),
      () => call("POST /bank/accounts/{accountId}/remember", options),
    );
  };
  const columns: readonly Column<KnownAccount>[] = [
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
      <FilterBar
        placeholder={texts.common.filterText}
        count={data && texts.common.rows(format.number(data.total))}
        exportPath="/bank/accounts"
        exportQuery={query}
      />
      <DataList
        label={t.place.learned}
        columns={columns}
        data={data}
        error={error}
        retry={() => void refetch()}
        idOf={(row) => `${row.accountId}${row.customer.id}`}
        empty={<Empty title={t.nothingLearned} />}
      />
    </>
  );
}
