import type { BankSummary, EntryView } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { Tabs } from "../../parts/page.tsx";

const VIEWS: readonly EntryView[] = ["proposed", "unmatched", "booked", "returned"];

export function BankTabs({
  current,
  summary,
}: {
  current: EntryView | "statements";
  summary: BankSummary | undefined;
}) {
  const texts = useTexts();
  const format = useFormat();
  const [{ creditor }] = useListState();
  return (
    <Tabs
      label={texts.bank.views}
      current={current}
      tabs={[
        ...VIEWS.map((view) => ({
          key: view,
          label: texts.bank.view[view],
          count: summary === undefined ? undefined : format.number(summary.counts[view]),
          to: "/bank",
          search: { creditor, view: view === "proposed" ? undefined : view },
        })),
        {
          key: "statements",
          label: texts.bank.statements,
          count: summary === undefined ? undefined : format.number(summary.statements),
          to: "/bank/statements",
          search: { creditor },
        },
      ]}
    />
  );
}
