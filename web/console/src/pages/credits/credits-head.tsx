import type { ReactNode } from "react";
import { useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";

const PLACES = [
  ["balances", "/credits"],
  ["refunds", "/credits/refunds"],
  ["files", "/credits/files"],
] as const;

export function CreditsHead({ current, acts }: { current: (typeof PLACES)[number][0]; acts?: ReactNode }) {
  const texts = useTexts();
  const t = texts.credits;
  const [{ creditor }] = useListState();
  const name = t.place[current];
  return (
    <>
      <PageHead name={name} title={name} acts={acts}>
        {t.lead[current]}
      </PageHead>
      <Tabs
        label={t.views}
        current={current}
        tabs={PLACES.map(([key, to]) => ({ key, label: t.place[key], to, search: { creditor } }))}
      />
    </>
  );
}
