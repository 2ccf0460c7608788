import type { Severity } from "../api/contract.ts";
import { useTexts } from "../app/session.tsx";
import { Pill } from "./page.tsx";

const LOOK = {
  blocking: { tone: "notice", icon: "hold" },
  warning: { tone: "info", icon: "alert" },
  hint: { tone: "plain", icon: "eye" },
} as const;

export function SeverityPill({ severity }: { severity: Severity }) {
  const t = useTexts().findings;
  return (
    <Pill tone={LOOK[severity].tone} icon={LOOK[severity].icon}>
      {t.severity[severity]}
    </Pill>
  );
}
