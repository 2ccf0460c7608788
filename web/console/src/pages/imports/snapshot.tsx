import { NativeSelect } from "@mantine/core";
import type { Day, SnapshotPreview } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { DayInput } from "../../parts/day-input.tsx";
import { Note } from "../../parts/page.tsx";

/** What a person says about a list: whether absence means settled, and of which day it is. */
export interface ListChoice {
  readonly kind: "default" | "snapshot" | "delta";
  /** As typed; `asOf` is what it was understood as. */
  readonly text: string;
  readonly asOf: Day | null;
}
export const AS_THE_CREDITOR_HAS_IT: ListChoice = { kind: "default", text: "", asOf: null };
const KINDS = ["default", "snapshot", "delta"] as const;

/** What a list of open items would change; too much missing asks for a word first. */
export function SnapshotFacts({
  snapshot,
  choice,
  onChoice,
  confirmed,
  onConfirm,
}: {
  snapshot: SnapshotPreview;
  choice: ListChoice;
  onChoice: (choice: ListChoice) => void;
  confirmed: boolean;
  onConfirm: (confirmed: boolean) => void;
}) {
  const t = useTexts().imports;
  const format = useFormat();
  const figures = [
    [snapshot.added, t.added],
    [snapshot.changed, t.changed],
    [snapshot.unchanged, t.unchanged],
    ...(snapshot.kind === "snapshot" ? ([[snapshot.vanished, t.vanished]] as const) : []),
  ] as const;
  return (
    <>
      <div className="listchoice">
        <NativeSelect
          label={t.listKindHead}
          description={t.listKindText[snapshot.kind]}
          value={choice.kind}
          data={KINDS.map((kind) => ({
            value: kind,
            label: kind === "default" ? t.listAsSet : t.listKind[kind],
          }))}
          onChange={(event) => {
            const kind = KINDS.find((one) => one === event.currentTarget.value) ?? "default";
            onChoice({ ...choice, kind });
          }}
        />
        <DayInput
          label={t.listAsOf}
          hint={t.listAsOfHint}
          optional
          past
          value={choice.asOf}
          onChange={(asOf, text) => onChoice({ ...choice, asOf, text })}
        />
      </div>
      <div className="kpis">
        {figures.map(([count, label]) => (
          <div key={label}>
            <b>{format.number(count)}</b>
            <span className="tiny">{label}</span>
          </div>
        ))}
      </div>
      {snapshot.mustConfirm && (
        <Note tone="notice">
          <b>{t.safetyStop}</b>
          <p>
            {t.muchVanishes(
              format.number(snapshot.vanished),
              format.percent(snapshot.share, 1),
              format.percent(snapshot.limit, 1),
              format.moneyList(snapshot.vanishedAmounts),
            )}
          </p>
          <label className="pickrow">
            <input type="checkbox" checked={confirmed} onChange={(event) => onConfirm(event.currentTarget.checked)} />
            {t.confirmSnapshot}
          </label>
        </Note>
      )}
    </>
  );
}
