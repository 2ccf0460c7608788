/** The door, the form for a code, and what is shown when a link leads nowhere. */
import { CallButton, Calm, Field, type Frame, Icon, type IconName, page } from "./layout.tsx";
import { FACTOR_KINDS, type FactorKind, type Words } from "../words/index.ts";

export type DeadKind = keyof Omit<Words["dead"], "enterCode">;

export function deadPage(frame: Frame, kind: DeadKind): string {
  const { words } = frame;
  return page({
    frame,
    title: words.dead[kind].h1,
    narrow: true,
    children: (
      <>
        <h1>{words.dead[kind].h1}</h1>
        <p class="lead">{words.dead[kind].lead}</p>
        <div class="stack">
          <CallButton frame={frame} />
          {kind === "unknown" && (
            <a class="btn line" href="/p">
              {words.dead.enterCode}
            </a>
          )}
        </div>
      </>
    ),
  });
}

export function codePage(frame: Frame, entered?: string): string {
  const words = frame.words.code;
  const errors = entered === undefined ? [] : [{ field: "code", message: words.wrong }];
  return page({
    frame,
    title: words.title,
    narrow: true,
    children: (
      <>
        <h1>{words.h1}</h1>
        <p class="lead">{words.lead}</p>
        <form class="form" method="post" action="/p" novalidate>
          <Field
            name="code"
            label={words.label}
            hint={words.hint}
            value={entered}
            error={errors[0]?.message}
            big
            autocomplete="off"
            longest={64}
          />
          <button class="btn" type="submit">
            {frame.words.next}
          </button>
        </form>
      </>
    ),
  });
}

export interface DoorState {
  readonly kind: FactorKind;
  readonly answer?: string;
  readonly problem?: { readonly kind: "wrong"; readonly triesLeft: number } | { readonly kind: "empty" };
  /** The page to go to, and what was typed there before the session ended. */
  readonly then: string;
  readonly kept: readonly (readonly [name: string, value: string])[];
}

const FACTOR_ICONS: Readonly<Record<FactorKind, IconName>> = { postcode: "mail", order: "list", amount: "letter" };

/** Nothing of the customer stands here: brand, question, and nothing else. */
export function doorPage(frame: Frame, state: DoorState, title: string): string {
  const words = frame.words.door;
  const { kind, problem } = state;
  const message =
    problem === undefined
      ? undefined
      : problem.kind === "empty"
        ? words.empty(words.label[kind])
        : words.wrong(problem.triesLeft, words.where[kind]);
  return page({
    frame,
    title,
    narrow: true,
    children: (
      <>
        <h1>{words.h1}</h1>
        <p class="lead">{words.lead[kind]}</p>
        {state.kept.length > 0 && <Calm icon="clock">{words.kept}</Calm>}
        <form class="form" method="post" action={`${frame.base}?with=${kind}`} novalidate>
          <input type="hidden" name="kind" value={kind} />
          <input type="hidden" name="then" value={state.then} />
          {state.kept.map(([name, value]) => (
            <input type="hidden" name={`kept.${name}`} value={value} />
          ))}
          <Field
            name="answer"
            label={words.label[kind]}
            hint={words.hint[kind]}
            value={state.answer}
            error={message}
            big
            focus={message !== undefined}
            longest={60}
            inputmode={kind === "postcode" ? "numeric" : kind === "amount" ? "decimal" : "text"}
            autocomplete={kind === "postcode" ? "postal-code" : "off"}
          />
          <button class="btn" type="submit">
            {frame.words.next}
          </button>
        </form>
        <details class="other" open={kind !== "postcode"}>
          <summary>
            {words.other} <Icon name="down" small />
          </summary>
          <div class="card rows">
            {FACTOR_KINDS.filter((one) => one !== kind).map((one) => (
              <a href={`${frame.here}?with=${one}`}>
                <Icon name={FACTOR_ICONS[one]} />
                <span>
                  <b>{words.label[one]}</b>
                </span>
                <Icon name="right" small end />
              </a>
            ))}
          </div>
        </details>
        <section>
          <Calm icon="lock">{words.promise}</Calm>
        </section>
        <section>
          <CallButton frame={frame} />
        </section>
      </>
    ),
  });
}
