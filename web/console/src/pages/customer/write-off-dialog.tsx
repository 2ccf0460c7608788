import { Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import type { Item } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { problemText, say } from "../../app/toast.tsx";
import { minorOf, readAmount } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Note } from "../../parts/page.tsx";

/** A write-off is proposed here; a person with the limit decides it in the worklist. */
export function WriteOffDialog({ customerId, item, onClose }: { customerId: string; item: Item; onClose: () => void }) {
  const texts = useTexts();
  const t = texts.customer;
  const format = useFormat();
  const queries = useQueryClient();
  const [typed, setTyped] = useState(item.open.amount.replace(".", format.language === "de" ? "," : "."));
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const amount = readAmount(typed);
  const amountFault =
    amount === null || minorOf(amount) <= 0n
      ? texts.bank.noAmount
      : minorOf(amount) > minorOf(item.open.amount)
        ? texts.bank.atMost(format.money(item.open))
        : null;
  const reasonFault = reason.trim() === "" ? t.reasonNeeded : null;
  const propose = async () => {
    setSent(true);
    if (amount === null || amountFault !== null || reasonFault !== null) return;
    setBusy(true);
    setError(null);
    try {
      await call("POST /customers/{customerId}/write-offs", {
        path: { customerId },
        body: { itemId: item.id, amount: { amount, currency: item.open.currency }, reason: reason.trim() },
      });
      say(t.writeOffProposed);
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["customer", customerId] }),
        queries.invalidateQueries({ queryKey: ["worklist"] }),
        queries.invalidateQueries({ queryKey: ["counts"] }),
      ]);
      onClose();
    } catch (failure) {
      setError(problemText(failure, texts));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={`${t.proposeWriteOff}: ${item.number}`} size="sm">
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void propose();
        }}
      >
        {error !== null && <Note tone="problem">{error}</Note>}
        <p className="tiny">{t.writeOffHint}</p>
        <TextInput
          label={`${texts.words.amount} (${item.open.currency})`}
          data-autofocus
          inputMode="decimal"
          value={typed}
          error={sent ? amountFault : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Textarea
          label={t.reason}
          autosize
          minRows={2}
          value={reason}
          error={sent ? reasonFault : null}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="acts">
          <Button go type="submit" busy={busy}>
            {t.proposeWriteOff}
          </Button>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
