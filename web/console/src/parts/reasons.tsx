import type { Reason } from "../api/contract.ts";
import { useTexts } from "../app/session.tsx";
import { Icon } from "./icon.tsx";

/** What speaks for and against, each in words. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const t = useTexts().bank;
  return (
    <span className="reasons">
      {reasons.map((reason) => (
        <span key={`${reason.speaks}${reason.said.text}`} className={reason.speaks}>
          <Icon name={reason.speaks === "for" ? "check" : "alert"} />
          <span className="sr">{reason.speaks === "for" ? t.speaksFor : t.speaksAgainst} </span>
          {reason.said.text}
        </span>
      ))}
    </span>
  );
}
