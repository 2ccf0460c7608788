import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";

const PLACES = [
  ["day", "/reconciliation"],
  ["differences", "/reconciliation/differences"],
  ["vanished", "/reconciliation/vanished"],
  ["handback", "/reconciliation/handback"],
] as const;
type Place = (typeof PLACES)[number][0];

export function ReconciliationHead({ current, acts }: { current: Place; acts?: ReactNode }) {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const [{ creditor, day }] = useListState();
  const { data } = useQuery({
    queryKey: ["reconciliation", "day", creditor, undefined],
    queryFn: ({ signal }) => call("GET /reconciliation", { query: { creditor }, signal }),
  });
  const differences = data?.rows.reduce((sum, row) => sum + row.differences, 0);
  const counts: Readonly<Record<Place, number | undefined>> = {
    day: undefined,
    differences,
    vanished: data?.vanished,
    handback: undefined,
  };
  return (
    <>
      <PageHead
        name={current === "day" ? texts.nav.reconciliation : t.place[current]}
        title={current === "day" ? texts.nav.reconciliation : t.place[current]}
        acts={acts}
      >
        {t.lead[current]}
      </PageHead>
      <Tabs
        label={t.views}
        current={current}
        tabs={PLACES.map(([key, to]) => ({
          key,
          label: t.place[key],
          count: counts[key] ? format.number(counts[key]) : undefined,
          to,
          search: { creditor, day: key === "day" ? day : undefined },
        }))}
      />
    </>
  );
}
