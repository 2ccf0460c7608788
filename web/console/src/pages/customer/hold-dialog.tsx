import { NativeSelect, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { Customer } from "../../api/contract.ts";
import { useSignedIn, useTexts } from "../../app/session.tsx";
import { problemText, say } from "../../app/toast.tsx";
import { addDays } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DayInput } from "../../parts/day-input.tsx";
import { Note } from "../../parts/page.tsx";

const GROUNDS = [
  "claimed_paid",
  "dispute",
  "callback",
  "goodwill",
  "hardship",
  "insolvency",
  "deceased",
  "minor",
  "other",
] as const;
/** Grounds that have no natural end; they stand on the review list. */
const WITHOUT_END: ReadonlySet<string> = new Set(["insolvency", "deceased"]);

export function HoldDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.customer;
  const queries = useQueryClient();
  const { businessDate } = useSignedIn();
  const [ground, setGround] = useState<string>("claimed_paid");
  const [itemId, setItem] = useState("");
  const [until, setUntil] = useState<string | null>(addDays(businessDate, 14));
  const [note, setNote] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const open = WITHOUT_END.has(ground);

  const save = async () => {
    setSent(true);
    if (until === null && !open) return;
    setBusy(true);
    setError(null);
    try {
      const hold = await call("POST /customers/{customerId}/holds", {
        path: { customerId: customer.id },
        body: { ground, until, itemId: itemId === "" ? null : itemId, note: note.trim() === "" ? null : note.trim() },
      });
      const again = () => queries.invalidateQueries({ queryKey: ["customer", customer.id] });
      say(t.holdSet, async () => {
        await call("POST /customers/{customerId}/holds/{holdId}/end", {
          path: { customerId: customer.id, holdId: hold.id },
        });
        await again();
      });
      await again();
      onClose();
    } catch (failure) {
      setError(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={t.setHold} size="md">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {error !== null && <Note tone="problem">{error}</Note>}
        <NativeSelect
          label={t.ground}
          data-autofocus
          value={ground}
          data={GROUNDS.map((value) => ({ value, label: texts.words.grounds[value] }))}
          onChange={(event) => setGround(event.currentTarget.value)}
        />
        <NativeSelect
          label={t.holdFor}
          value={itemId}
          data={[
            { value: "", label: t.wholeCustomer },
            ...customer.items.map((item) => ({
              value: item.id,
              label: `${texts.words.itemKind[item.kind]} ${item.number}`,
            })),
          ]}
          onChange={(event) => setItem(event.currentTarget.value)}
        />
        <DayInput
          label={t.holdUntil}
          optional={open}
          value={until}
          onChange={setUntil}
          error={sent && until === null && !open ? texts.common.noDay : null}
        />
        <Textarea
          label={`${texts.words.note} (${texts.common.optional})`}
          autosize
          minRows={2}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <div className="acts">
          <Button go type="submit" busy={busy}>
            {t.setHold}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
