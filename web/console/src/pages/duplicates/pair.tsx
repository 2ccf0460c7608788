import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../../api/client.ts";
import type { DuplicatePair, PairDecision, PairField, PairSide } from "../../api/contract.ts";
import { useKeys } from "../../app/keys.tsx";
import { useFormat, useTexts } from "../../app/session.tsx";
import { undoLast } from "../../app/toast.tsx";
import { customerNumber, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { Waiting } from "../../parts/page.tsx";
import { Reasons } from "../../parts/reasons.tsx";
import { useAct } from "../../parts/use-act.ts";

const AGREEMENT: Readonly<Record<PairField["agreement"], { icon: IconName; tone: string }>> = {
  same: { icon: "check", tone: "for" },
  similar: { icon: "swap", tone: "near" },
  different: { icon: "close", tone: "against" },
  one_side: { icon: "plus", tone: "one" },
};

/** The two files side by side: what agrees, what differs, what a merge would do; three ways to decide, all undoable. */
export function PairCompare({
  pairId,
  onDecided,
  onUndone,
}: {
  pairId: string;
  onDecided: () => void;
  onUndone: () => void;
}) {
  const texts = useTexts();
  const t = texts.duplicates;
  const { data, error } = useQuery({
    queryKey: ["duplicates", "pair", pairId],
    queryFn: ({ signal }) => call("GET /duplicates/{pairId}", { path: { pairId }, signal }),
  });
  const act = useAct([["duplicates"], ["customer"], ["customers"]]);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const survivor = chosen ?? data?.survivor ?? "";
  const undo = () => call("POST /duplicates/{pairId}/undo", { path: { pairId } });
  const decide = (body: PairDecision) => {
    if (data === undefined || !data.mayDecide || data.state !== "open") return;
    onDecided();
    void act(
      t.said[body.act],
      () => call("POST /duplicates/{pairId}/decide", { path: { pairId }, body }),
      async () => {
        await undo();
        onUndone();
      },
    );
  };
  const merge = () => decide({ act: "merge", survivor });
  const side = (at: 0 | 1) => data?.sides[at].customer.id;
  useKeys(
    data?.state === "open" && data.mayDecide
      ? [
          { keys: "1", with: "2", label: t.survivorKey, bar: true, run: () => setChosen(side(0)) },
          { keys: "2", label: t.survivorKey, quiet: true, run: () => setChosen(side(1)) },
          { keys: "m", label: t.act.merge, bar: true, run: merge },
          { keys: "h", label: t.act.household, bar: true, run: () => decide({ act: "household" }) },
          { keys: "n", label: t.act.different, bar: true, run: () => decide({ act: "different" }) },
          { keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) },
        ]
      : [{ keys: "z", label: texts.common.undo, bar: true, run: () => void undoLast(texts) }],
  );
  if (data === undefined) {
    return (
      <aside className="card detail" aria-label={t.compare}>
        <Waiting error={error} />
      </aside>
    );
  }
  return (
    <aside className="card detail pair-detail" aria-label={t.compare}>
      <div className="panel-h">
        <h2>{t.compare}</h2>
        <span className="mute">
          {t.certainty[data.certainty]}, {t.points(data.score)}
        </span>
      </div>
      <Reasons reasons={data.why} />
      <PairTable pair={data} survivor={survivor} onSurvivor={data.state === "open" ? setChosen : undefined} />
      {data.state === "open" ? (
        <>
          <div>
            <h3>{t.effects}</h3>
            <ul className="lines">
              {data.effects.map((effect) => (
                <li key={effect.text}>{effect.text}</li>
              ))}
            </ul>
          </div>
          {data.mayDecide && (
            <div className="do">
              <Button go keyName="m" onClick={merge}>
                {t.mergeInto(
                  customerNumber(data.sides.find((one) => one.customer.id === survivor)?.customer.number ?? ""),
                )}
              </Button>
              <div className="pair">
                <Button wide keyName="h" onClick={() => decide({ act: "household" })}>
                  {t.act.household}
                </Button>
                <Button wide keyName="n" onClick={() => decide({ act: "different" })}>
                  {t.act.different}
                </Button>
              </div>
            </div>
          )}
        </>
      ) : (
        <Decided pair={data} onUndo={() => void act(t.undone, undo)} />
      )}
    </aside>
  );
}

function Decided({ pair, onUndo }: { pair: DuplicatePair; onUndo: () => void }) {
  const t = useTexts().duplicates;
  const format = useFormat();
  return (
    <>
      <p>
        <b>{pair.state !== "open" && t.state[pair.state]}</b>
        {pair.decidedBy !== null && ` · ${pair.decidedBy}, ${format.instant(pair.decidedAt)}`}
      </p>
      {pair.mayUndo && (
        <div className="do">
          <Button wide icon="undo" onClick={onUndo}>
            {t.undo}
          </Button>
        </div>
      )}
    </>
  );
}

function PairTable({
  pair,
  survivor,
  onSurvivor,
}: {
  pair: DuplicatePair;
  survivor: string;
  onSurvivor: ((id: string) => void) | undefined;
}) {
  const texts = useTexts();
  const t = texts.duplicates;
  const format = useFormat();
  const facts: readonly [string, (side: PairSide) => ReactNode][] = [
    [texts.words.open, (side) => format.moneyList(side.open)],
    [t.items, (side) => format.number(side.items)],
    [t.messages, (side) => format.number(side.messages)],
    [texts.words.stage, (side) => side.stage?.text ?? NOTHING],
    [t.since, (side) => format.dayShort(side.since)],
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="pair-box" tabIndex={0} role="region" aria-label={t.fields}>
      <table className="pair-table">
        <thead>
          <tr>
            <td />
            {pair.sides.map((side, at) => (
              <th scope="col" key={side.customer.id} className={side.customer.id === survivor ? "stays" : undefined}>
                <Link to="/customers/$customerId" params={{ customerId: side.customer.id }}>
                  {side.customer.name}
                </Link>
                <span className="tiny">{customerNumber(side.customer.number)}</span>
                {onSurvivor !== undefined && (
                  <label className="survivor">
                    <input
                      type="radio"
                      name="survivor"
                      checked={side.customer.id === survivor}
                      aria-keyshortcuts={String(at + 1)}
                      onChange={() => onSurvivor(side.customer.id)}
                    />
                    {t.stays} <kbd aria-hidden="true">{at + 1}</kbd>
                  </label>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pair.fields.map((field) => (
            <FieldRow key={field.label.code} field={field} />
          ))}
          {facts.map(([label, show]) => (
            <tr key={label} className="plain">
              <th scope="row">{label}</th>
              {pair.sides.map((side) => (
                <td key={side.customer.id}>{show(side)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FieldRow({ field }: { field: PairField }) {
  const t = useTexts().duplicates;
  const look = AGREEMENT[field.agreement];
  const cells = [
    [field.left, field.right],
    [field.right, field.left],
  ] as const;
  return (
    <tr className={look.tone}>
      <th scope="row">
        <span className="agree">
          <Icon name={look.icon} small />
          {field.label.text}
          <span className="sr">, {t.agreement[field.agreement]}</span>
        </span>
      </th>
      {cells.map(([own, other], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two sides, always in this order
        <td key={at}>
          {own.length === 0
            ? NOTHING
            : own.map((value, line) => (
                <div key={value}>
                  {field.agreement === "similar" ? differing(value, other[line] ?? other[0] ?? "") : breakable(value)}
                </div>
              ))}
        </td>
      ))}
    </tr>
  );
}

/** An e-mail address breaks before its domain, not anywhere. */
function breakable(value: string): ReactNode {
  const at = value.indexOf("@");
  if (at < 0) return value;
  return (
    <>
      {value.slice(0, at)}
      <wbr />
      {value.slice(at)}
    </>
  );
}

/** What the two writings have in common at both ends stays plain, the middle is marked. */
function differing(own: string, other: string): ReactNode {
  const letters = [...own];
  const others = [...other];
  const alike = (a: string | undefined, b: string | undefined) => a?.toLowerCase() === b?.toLowerCase();
  let start = 0;
  while (start < letters.length && start < others.length && alike(letters[start], others[start])) start += 1;
  let end = 0;
  while (
    end < letters.length - start &&
    end < others.length - start &&
    alike(letters[letters.length - 1 - end], others[others.length - 1 - end])
  )
    end += 1;
  const middle = letters.slice(start, letters.length - end).join("");
  if (middle === "") return own;
  return (
    <>
      {letters.slice(0, start).join("")}
      <mark>{middle}</mark>
      {letters.slice(letters.length - end).join("")}
    </>
  );
}
