import { Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { WorkAct, WorkItem } from "../../api/contract.ts";
import { useFormat, useSignedIn, useTexts } from "../../app/session.tsx";
import { addDays } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DayInput } from "../../parts/day-input.tsx";

type Decide = (item: WorkItem, act: WorkAct, until?: string | null, note?: string | null) => Promise<void>;

/** What, why, what one may do, what was said last; the acts at the bottom, the advised one filled. */
export function WorkDetail({
  item,
  onDecide,
  later,
  onLater,
}: {
  item: WorkItem;
  onDecide: Decide;
  later: boolean;
  onLater: (open: boolean) => void;
}) {
  const texts = useTexts();
  const t = texts.work;
  const format = useFormat();
  const id = useId();
  const [first, ...others] = item.acts;
  const press = (act: WorkAct) => (act === "later" ? onLater(true) : void onDecide(item, act));
  const keyFor = (act: WorkAct) => (act === first ? "a" : act === "later" ? "s" : undefined);
  return (
    <aside className="card detail" aria-labelledby={id}>
      <div>
        <h2 id={id}>{item.customer?.name ?? item.creditor?.name ?? t.kinds[item.kind]}</h2>
        <p className="mute">
          {[item.creditor?.name, item.open === null ? null : texts.common.openAmount(format.money(item.open))]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <div className="advice">
        <b>{item.step.text}</b>
        {item.why.text}
      </div>
      {item.evidence.length > 0 && (
        <div>
          <h3>{t.why}</h3>
          <ul className="lines">
            {item.evidence.map((line) => (
              <li key={line.text}>{line.text}</li>
            ))}
          </ul>
        </div>
      )}
      {item.agreedBy !== null && <p className="tiny">{t.agreedBy(item.agreedBy)}</p>}
      {item.mayDo.length > 0 && (
        <div>
          <h3>{t.mayDo}</h3>
          {item.mayDo.map((line) => (
            <p className="mute" key={line.text}>
              {line.text}
            </p>
          ))}
        </div>
      )}
      {item.latest !== null && (
        <div>
          <h3>{t.latest}</h3>
          <p className="quote">
            {item.latest.text}
            <small>
              {item.latest.source.text} · {format.instant(item.latest.at)}
            </small>
          </p>
        </div>
      )}
      {item.messageId !== null && (
        <p>
          <Link to="/messages" search={{ sel: item.messageId } as never}>
            {t.showMessage}
          </Link>
        </p>
      )}
      <div className="do">
        {first !== undefined && (
          <Button go keyName="a" onClick={() => press(first)}>
            {t.acts[first]}
          </Button>
        )}
        <div className={others.length > 1 ? "pair" : ""}>
          {others.map((act) => {
            const key = keyFor(act);
            return (
              <Button key={act} wide {...(key === undefined ? {} : { keyName: key })} onClick={() => press(act)}>
                {t.acts[act]}
              </Button>
            );
          })}
        </div>
      </div>
      {later && <LaterDialog item={item} onDecide={onDecide} onClose={() => onLater(false)} />}
    </aside>
  );
}

function LaterDialog({ item, onDecide, onClose }: { item: WorkItem; onDecide: Decide; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.work;
  const { businessDate } = useSignedIn();
  const [until, setUntil] = useState<string | null>(addDays(businessDate, 7));
  const [note, setNote] = useState("");
  const [sent, setSent] = useState(false);
  return (
    <Dialog onClose={onClose} title={t.laterTitle} size="sm">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setSent(true);
          if (until === null) return;
          onClose();
          void onDecide(item, "later", until, note.trim() === "" ? null : note.trim());
        }}
      >
        <DayInput
          autofocus
          label={t.laterUntil}
          value={until}
          onChange={setUntil}
          error={sent && until === null ? texts.common.noDay : null}
        />
        <Textarea
          label={`${texts.words.note} (${texts.common.optional})`}
          value={note}
          autosize
          minRows={2}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className="acts">
          <Button go type="submit">
            {t.acts.later}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
