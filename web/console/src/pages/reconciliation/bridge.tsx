import type { Comparison, Money } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { amountOf, minorOf } from "../../format/index.ts";
import { Icon } from "../../parts/icon.tsx";
import { Pill } from "../../parts/page.tsx";

/**
 * Two sums and what lies between them, as a picture and a sum at once: the first bar, every step, and the last bar.
 * When both agree the bars end on one line. The part they share is cut off, so that a cent is seen beside a million.
 */
interface Line {
  readonly key: string;
  readonly label: string;
  readonly note: string | null;
  readonly amount: Money | null;
  readonly from: bigint;
  readonly to: bigint;
  readonly look: "sum" | "move" | "difference";
}
/** Share of the width that the cut-off common part takes, and what the rest may take. */
const CUT = 0.46;
const REST = 0.5;

const signed = (amount: string, format: (value: Money) => string, currency: string) =>
  amount.startsWith("-") ? format({ amount, currency }) : `+\u00a0${format({ amount, currency })}`;

export function Bridge({ comparison, currency }: { comparison: Comparison; currency: string }) {
  const texts = useTexts();
  const t = texts.reconciliation;
  const format = useFormat();
  const { left, right, steps, state, difference } = comparison;
  const lines = linesOf(comparison, currency, {
    difference: t.unexplained,
    count: (count) => t.count(format.number(count)),
    asOf: (day) => t.asOf(format.dayShort(day)),
  });
  const known = lines.flatMap((line) => (line.amount === null ? [] : [line.from, line.to].filter((at) => at !== 0n)));
  const low = known.reduce((least, at) => (at < least ? at : least), known[0] ?? 0n);
  const high = known.reduce((most, at) => (at > most ? at : most), known[0] ?? 0n);
  const span = Number(high - low);
  const x = (at: bigint) => (at === 0n ? 0 : CUT + (span === 0 ? REST : (Number(at - low) / span) * REST));
  const equal = state === "equal";
  return (
    <div className={`bridge ${state}`}>
      <div className="bridge-h">
        <h3>{t.kind[comparison.kind]}</h3>
        <Pill
          tone={equal ? "good" : state === "different" ? "notice" : "plain"}
          icon={equal ? "check" : state === "different" ? "alert" : "later"}
        >
          {equal
            ? t.equal
            : state === "different"
              ? t.different(difference === null ? "" : format.money(difference))
              : t.waiting}
        </Pill>
      </div>
      <table>
        <caption className="sr">{t.caption(left.said.text, right.said.text)}</caption>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key} className={line.look}>
              <th scope="row">
                {line.label}
                {line.note !== null && <span className="tiny">{line.note}</span>}
              </th>
              <td className="track" aria-hidden="true">
                {line.amount !== null && (
                  <Bar from={x(line.from)} to={x(line.to)} look={line.look} cut={span > 0 || line.look === "sum"} />
                )}
              </td>
              <td className="r">
                {line.amount === null
                  ? t.notThere
                  : line.look === "sum"
                    ? format.money(line.amount)
                    : signed(line.amount.amount, format.bare, currency)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {equal && steps.length === 0 && (
        <p className="tiny ends">
          <Icon name="check" small /> {t.endsAlike}
        </p>
      )}
    </div>
  );
}

function Bar({ from, to, look, cut }: { from: number; to: number; look: Line["look"]; cut: boolean }) {
  const start = Math.min(from, to);
  const width = Math.max(Math.abs(to - from), look === "sum" ? 0 : 0.008);
  return (
    <span className="bars">
      <i className={look} style={{ left: `${start * 100}%`, width: `${width * 100}%` }} />
      {look === "sum" && cut && <i className="gap" style={{ left: `${CUT * 50}%` }} />}
      {look === "sum" && <i className="end" style={{ left: `${to * 100}%` }} />}
    </span>
  );
}

function linesOf(
  { left, right, steps, difference }: Comparison,
  currency: string,
  words: { difference: string; count: (count: number) => string; asOf: (day: string) => string },
): Line[] {
  const note = (side: Comparison["left"]) =>
    [side.count === null ? null : words.count(side.count), side.asOf === null ? null : words.asOf(side.asOf)]
      .filter(Boolean)
      .join(" · ") || null;
  const side = (key: "left" | "right", of: Comparison["left"]): Line => ({
    key,
    label: of.said.text,
    note: note(of),
    amount: of.amount,
    from: 0n,
    to: of.amount === null ? 0n : minorOf(of.amount.amount),
    look: "sum",
  });
  let at = left.amount === null ? 0n : minorOf(left.amount.amount);
  const step = (key: string, label: string, hint: string | null, amount: string, look: Line["look"]): Line => {
    const from = at;
    at += minorOf(amount);
    return { key, label, note: hint, amount: { amount, currency }, from, to: at, look };
  };
  const between = steps.map((one) =>
    step(one.said.code, one.said.text, words.count(one.count), one.amount.amount, "move"),
  );
  const rest = difference === null || minorOf(difference.amount) === 0n ? [] : [difference.amount];
  return [
    side("left", left),
    ...between,
    ...rest.map((amount) => step("difference", words.difference, null, amount, "difference")),
    side("right", right),
  ];
}

/** `+ 12,30` and `− 12,30`, for differences in lists. */
export const withSign = (value: Money, bare: (value: Money) => string): string =>
  minorOf(value.amount) === 0n ? bare({ ...value, amount: amountOf(0n) }) : signed(value.amount, bare, value.currency);
