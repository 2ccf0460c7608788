import type { SnapshotPreview } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Note } from "../../parts/page.tsx";

/** What a list of open items would change; too much missing asks for a word first. */
export function SnapshotFacts({
  snapshot,
  confirmed,
  onConfirm,
}: {
  snapshot: SnapshotPreview;
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
      <p>
        <b>{t.listKind[snapshot.kind]}</b> <span className="mute">{t.listKindText[snapshot.kind]}</span>
      </p>
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
