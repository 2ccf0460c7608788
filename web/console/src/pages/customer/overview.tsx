import { Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { Component, Customer, Money } from "../../api/contract.ts";
import { useFormat, useMayAct, useSignedIn, useTexts } from "../../app/session.tsx";
import { problemText, say, sayProblem } from "../../app/toast.tsx";
import { amountOf, minorOf, NOTHING } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Card, Pill } from "../../parts/page.tsx";
import { CustomerFindings } from "./related.tsx";

export function Overview({ customer, onHold }: { customer: Customer; onHold: () => void }) {
  return (
    <div className="record fill">
      <div className="col">
        <Balance customer={customer} />
        <MayWrite customer={customer} onHold={onHold} />
      </div>
      <div className="col">
        <Timeline customer={customer} />
      </div>
      <div className="col">
        <NextStep customer={customer} />
        <CustomerFindings customerId={customer.id} />
        <Notes customer={customer} />
      </div>
    </div>
  );
}

const COST: readonly Component[] = ["dunning_cost", "collection_cost"];
const sum = (values: readonly (Money | undefined)[], currency: string): Money => ({
  amount: amountOf(values.reduce((total, value) => total + (value === undefined ? 0n : minorOf(value.amount)), 0n)),
  currency,
});

/** Open items by component, one table a currency; below, the sentences of law. */
function Balance({ customer }: { customer: Customer }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const { businessDate } = useSignedIn();
  const currencies = [...new Set(customer.items.map((item) => item.open.currency))];
  const cell = (value: Money) => (/^-?0(\.0+)?$/.test(value.amount) ? NOTHING : format.bare(value));
  return (
    <Card
      className="scroll"
      title={t.balance}
      end={
        <Link to="." search={{ tab: "items" } as never}>
          {t.allItems}
        </Link>
      }
    >
      {currencies.length === 0 && <p className="mute">{t.nothingOpen}</p>}
      {currencies.map((currency) => {
        const items = customer.items.filter((item) => item.open.currency === currency);
        const component = (names: readonly Component[]) =>
          sum(
            items.flatMap((item) => names.map((name) => item.components[name])),
            currency,
          );
        return (
          <table className="balance" key={currency}>
            <thead>
              <tr>
                <th scope="col">{texts.words.item}</th>
                <th scope="col" className="r">
                  {texts.words.component.principal}
                </th>
                <th scope="col" className="r">
                  {texts.words.component.interest}
                </th>
                <th scope="col" className="r">
                  {texts.words.costs}
                </th>
                <th scope="col" className="r">
                  {texts.words.open}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.id}>
                  <td>
                    {texts.words.itemKind[item.kind]} <span className="nw">{item.number}</span>
                    <span className="law">
                      {item.inDefaultSince === null
                        ? t.due(format.dayShort(item.dueOn))
                        : item.inDefaultSince > businessDate
                          ? t.inDefaultFrom(format.dayShort(item.inDefaultSince))
                          : t.inDefault(format.dayShort(item.inDefaultSince))}
                      {item.assigned && ` · ${t.assigned}`}
                    </span>
                  </td>
                  <td className="r">{cell(sum([item.components.principal], currency))}</td>
                  <td className="r">{cell(sum([item.components.interest], currency))}</td>
                  <td className="r">
                    {cell(
                      sum(
                        COST.map((name) => item.components[name]),
                        currency,
                      ),
                    )}
                  </td>
                  <td className="r">{format.money(item.open)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>{texts.common.sum}</td>
                <td className="r">{cell(component(["principal"]))}</td>
                <td className="r">{cell(component(["interest"]))}</td>
                <td className="r">{cell(component(COST))}</td>
                <td className="r">
                  {format.money(
                    sum(
                      items.map((item) => item.open),
                      currency,
                    ),
                  )}
                </td>
              </tr>
            </tfoot>
          </table>
        );
      })}
      {customer.explained.length > 0 && (
        <p className="tiny" style={{ marginTop: 8 }}>
          {customer.explained.map((line) => line.text).join(" ")}
        </p>
      )}
    </Card>
  );
}

/** All blockers with ground and end, the latest end first, and what follows then. */
function MayWrite({ customer, onHold }: { customer: Customer; onHold: () => void }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const { blockers, mayWriteFrom, next } = customer;
  const ordered = [...blockers].sort((a, b) => (b.until ?? "9999").localeCompare(a.until ?? "9999"));
  const end = async (holdId: string) => {
    try {
      await call("POST /customers/{customerId}/holds/{holdId}/end", { path: { customerId: customer.id, holdId } });
      say(t.holdEnded);
      await queries.invalidateQueries({ queryKey: ["customer", customer.id] });
    } catch (error) {
      sayProblem(problemText(error, texts));
    }
  };
  return (
    <Card
      className="grow"
      title={t.mayWrite}
      end={
        blockers.length === 0 ? (
          <Pill tone={customer.items.length === 0 ? "plain" : "good"} icon="check">
            {customer.items.length === 0 ? t.nothingOpen : t.yesFrom}
          </Pill>
        ) : (
          <Pill tone="notice" icon="hold">
            {mayWriteFrom === null ? t.notForNow : t.notBefore(format.dayShort(mayWriteFrom))}
          </Pill>
        )
      }
    >
      {blockers.length === 0 ? (
        <p className="mute">{t.noBlocker}</p>
      ) : (
        <ul className="blockers">
          {ordered.map((blocker) => (
            <li key={`${blocker.ground.code}${blocker.holdId}${blocker.until}`}>
              <span>{blocker.ground.text}</span>
              <b className="nw">
                {blocker.until === null
                  ? blocker.holdId === null
                    ? t.openEnd
                    : t.noEnd
                  : t.until(format.dayShort(blocker.until))}
              </b>
              <span className="tiny">{blocker.basis?.text}</span>
              {blocker.holdId !== null && mayAct && (
                <button type="button" className="linkbtn" onClick={() => void end(blocker.holdId ?? "")}>
                  {t.endHold}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {next !== null && (
        <p className="tiny after">
          <b>{t.then}</b> {t.thenStep(next.stage.text, texts.words.channelBy[next.channel], format.dayShort(next.on))}
        </p>
      )}
      {mayAct && (
        <div className="acts" style={{ marginTop: 12 }}>
          <Button icon="hold" keyName="m" onClick={onHold}>
            {t.setHold}
          </Button>
        </div>
      )}
    </Card>
  );
}

function Timeline({ customer }: { customer: Customer }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  return (
    <Card className="grow" title={t.timeline} end={<span className="mute">{t.timelineHint}</span>}>
      {customer.timeline.length === 0 && <p className="mute">{t.noTimeline}</p>}
      <ol className="way tl">
        {customer.timeline.map((entry) => (
          <li key={entry.id} className={entry.when === "planned" ? "then" : entry.when === "now" ? "now" : undefined}>
            <div className="h">
              {entry.messageId !== null ? (
                <Link to="." search={{ tab: "messages", sel: entry.messageId } as never}>
                  {entry.strong ? <b>{entry.title.text}</b> : entry.title.text}
                </Link>
              ) : entry.strong ? (
                <b>{entry.title.text}</b>
              ) : (
                <span>{entry.title.text}</span>
              )}
              <time dateTime={entry.at ?? entry.on}>
                {entry.when === "planned" && `${t.planned} `}
                {entry.when === "now" && entry.at !== null ? format.instant(entry.at) : format.dayShort(entry.on)}
              </time>
            </div>
            {entry.detail !== null && <p>{entry.detail.text}</p>}
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** What the strategy does next, with its reasons. */
function NextStep({ customer }: { customer: Customer }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const { next, waiting } = customer;
  const byPerson = waiting.length > 0 && (
    <ul className="blockers waiting">
      {waiting.map((task) => (
        <li key={task.id}>
          <Link to="/worklist" search={{ kind: task.kind, sel: task.id } as never}>
            {task.step.text}
          </Link>
          <b className="nw">{t.until(format.dayShort(task.dueOn))}</b>
        </li>
      ))}
    </ul>
  );
  if (next === null) {
    return (
      <Card className="next-step" title={waiting.length > 0 ? t.waitsForPerson : t.nextStep}>
        {byPerson || <p>{t.noNext}</p>}
      </Card>
    );
  }
  return (
    <Card className="next-step" title={`${t.nextStep}: ${next.stage.text}`}>
      <dl className="facts">
        <dt>{t.when}</dt>
        <dd>
          <b>{format.dayWeek(next.on)}</b>
        </dd>
        <dt>{t.by}</dt>
        <dd>
          <b>{texts.words.channel[next.channel]}</b>
        </dd>
      </dl>
      {next.reasons.map((reason) => (
        <p className="tiny" key={reason.text}>
          {reason.text}
        </p>
      ))}
      {waiting.length > 0 && <p className="tiny">{t.waitsForPerson}:</p>}
      {byPerson}
    </Card>
  );
}

function Notes({ customer }: { customer: Customer }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const mayAct = useMayAct();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (text.trim() === "") return;
    setBusy(true);
    try {
      await call("POST /customers/{customerId}/notes", {
        path: { customerId: customer.id },
        body: { text: text.trim() },
      });
      setText("");
      say(t.noteSaved);
      await queries.invalidateQueries({ queryKey: ["customer", customer.id] });
    } catch (error) {
      sayProblem(problemText(error, texts));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card className="grow" title={t.notes}>
      <ol className="notes">
        {customer.notes.map((note) => (
          <li key={note.id}>
            {note.text}
            <small>
              {note.author} · {format.instant(note.at)}
            </small>
          </li>
        ))}
      </ol>
      {mayAct && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Textarea
            id="new-note"
            label={t.newNote}
            autosize
            minRows={2}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                void save();
              }
            }}
          />
          <div className="acts">
            <Button type="submit" busy={busy} keyName="ctrl+Enter">
              {t.saveNote}
            </Button>
          </div>
        </form>
      )}
    </Card>
  );
}
