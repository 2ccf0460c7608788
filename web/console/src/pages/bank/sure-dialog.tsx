import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { SureGroup } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { customerNumber } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useListState } from "../../parts/list.tsx";
import { Waiting } from "../../parts/page.tsx";

const AT_MOST = 500;

/** Proposals that are sure for the same reason, seen together and booked in one act. */
export function SureDialog({
  groups,
  onBook,
  onClose,
}: {
  groups: readonly SureGroup[];
  onBook: (kind: string, ids: readonly string[]) => Promise<void>;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [{ creditor }] = useListState();
  const [kind, setKind] = useState(groups[0]?.kind.code ?? "");
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const query = { creditor, view: "proposed" as const, sure: kind, limit: AT_MOST };
  const { data, error } = useQuery({
    queryKey: ["bank", "sure", "rows", query],
    queryFn: ({ signal }) => call("GET /bank/entries", { query, signal }),
  });
  const chosen = (data?.rows ?? []).filter((row) => !out.has(row.id));
  const book = async () => {
    if (chosen.length === 0) return;
    setBusy(true);
    try {
      await onBook(
        kind,
        chosen.map((row) => row.id),
      );
      onClose();
    } catch {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={t.sureTitle} size="lg">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void book();
        }}
      >
        <fieldset className="cards">
          <legend className="sr">{t.sureKinds}</legend>
          {groups.map((group) => (
            <label key={group.kind.code}>
              <input
                type="radio"
                name="kind"
                value={group.kind.code}
                checked={group.kind.code === kind}
                onChange={() => {
                  setKind(group.kind.code);
                  setOut(new Set());
                }}
              />
              <b>{group.kind.text}</b>
              <span className="tiny">
                {t.sureGroup(
                  format.number(group.entries),
                  format.moneyList(group.sums),
                  format.chance(group.probability),
                )}
              </span>
            </label>
          ))}
        </fieldset>
        {data === undefined ? (
          <Waiting error={error} />
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          <div className="sure-rows" tabIndex={0} role="region" aria-label={t.surePreview}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t.payer}</th>
                  <th scope="col">{texts.words.customer}</th>
                  <th scope="col" className="r">
                    {texts.words.amount}
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <label className="pickrow">
                        <input
                          type="checkbox"
                          checked={!out.has(row.id)}
                          onChange={() => {
                            const next = new Set(out);
                            if (!next.delete(row.id)) next.add(row.id);
                            setOut(next);
                          }}
                        />
                        <span>
                          {row.payer ?? t.noPayer}
                          <span className="tiny">{row.remittance === "" ? t.noText : row.remittance}</span>
                        </span>
                      </label>
                    </td>
                    <td>
                      {row.customer?.name}
                      <span className="tiny">{customerNumber(row.customer?.number ?? "")}</span>
                    </td>
                    <td className="r">{format.money(row.amount)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <div className="acts">
          <Button go type="submit" busy={busy} autofocus>
            {t.bookSureDo(format.number(chosen.length))}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
