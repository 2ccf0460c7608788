import { useTexts } from "../../app/session.tsx";
import { useListState } from "../../parts/list.tsx";
import { PageHead, Tabs } from "../../parts/page.tsx";

export function FindingsHead({ current }: { current: "findings" | "rules" }) {
  const texts = useTexts();
  const t = texts.findings;
  const [{ creditor }] = useListState();
  const name = current === "findings" ? texts.nav.findings : t.rules;
  return (
    <>
      <PageHead name={name} title={name}>
        {current === "findings" ? t.lead : t.rulesLead}
      </PageHead>
      <Tabs
        label={t.views}
        current={current}
        tabs={[
          { key: "findings", label: texts.nav.findings, to: "/findings", search: { creditor } },
          { key: "rules", label: t.rules, to: "/findings/rules", search: { creditor } },
        ]}
      />
    </>
  );
}
