import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { call } from "../../api/client.ts";
import type { BankEntry, Booking, CustomerRef, Item } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { amountOf, customerNumber, minorOf, readAmount } from "../../format/index.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Note, Waiting } from "../../parts/page.tsx";

/** A person's own distribution: find the customer, say how much goes where; the rest stays on account. */
export function SplitDialog({
  entry,
  customer,
  onBook,
  onClose,
}: {
  entry: BankEntry;
  customer: CustomerRef | undefined;
  onBook: (booking: Booking) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [chosen, setChosen] = useState<CustomerRef | undefined>(customer);
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={chosen === undefined ? t.searchCustomer : t.splitTitle(format.money(entry.amount))}
    >
      {chosen === undefined ? (
        <FindCustomer start={entry.payer ?? ""} onChoose={setChosen} />
      ) : (
        <SplitForm entry={entry} customer={chosen} onBook={onBook} onOther={() => setChosen(undefined)} />
      )}
    </Dialog>
  );
}

export function FindCustomer({ start, onChoose }: { start: string; onChoose: (customer: CustomerRef) => void }) {
  const texts = useTexts();
  const format = useFormat();
  const [q, setQ] = useState(start);
  const { data, error, isFetching } = useQuery({
    queryKey: ["customers", { q, limit: 10 }],
    queryFn: ({ signal }) => call("GET /customers", { query: { q, limit: 10 }, signal }),
    enabled: q.trim().length > 1,
    placeholderData: (before) => before,
  });
  return (
    <div className="form">
      <TextInput
        label={texts.shell.search}
        value={q}
        data-autofocus
        type="search"
        onChange={(event) => setQ(event.currentTarget.value)}
      />
      {error !== null && <Waiting error={error} />}
      {data !== undefined && data.rows.length > 0 && (
        <ul className="hits">
          {data.rows.map((row) => (
            <li key={row.id}>
              <button type="button" onClick={() => onChoose(row)}>
                <span>
                  <b>{row.name}</b>{" "}
                  <span className="tiny">
                    {customerNumber(row.number)} {row.town}
                  </span>
                </span>
                <span className="nw">{format.money(row.open)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {data !== undefined && data.rows.length === 0 && !isFetching && <p className="mute">{texts.customers.empty}</p>}
    </div>
  );
}

function SplitForm({
  entry,
  customer,
  onBook,
  onOther,
}: {
  entry: BankEntry;
  customer: CustomerRef;
  onBook: (booking: Booking) => void;
  onOther: () => void;
}) {
  const texts = useTexts();
  const t = texts.bank;
  const format = useFormat();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [sent, setSent] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["customer", customer.id, "items", { state: "open", limit: 100 }],
    queryFn: ({ signal }) =>
      call("GET /customers/{customerId}/items", {
        path: { customerId: customer.id },
        query: { state: "open", limit: 100 },
        signal,
      }),
  });
  const form = useRef<HTMLFormElement>(null);
  const ready = data !== undefined;
  // The dialog is there before its items are: the first amount takes the focus when it can.
  useEffect(() => {
    if (ready) form.current?.querySelector<HTMLElement>("input")?.focus();
  }, [ready]);
  if (data === undefined) return <Waiting error={error} />;
  const currency = entry.amount.currency;
  const items = data.rows.filter((item) => item.open.currency === currency && minorOf(item.open.amount) > 0n);
  const amounts = items.map((item) => {
    const text = typed[item.id] ?? "";
    return { item, text, amount: text.trim() === "" ? "0.00" : readAmount(text) };
  });
  const used = amounts.reduce((sum, one) => sum + (one.amount === null ? 0n : minorOf(one.amount)), 0n);
  const left = minorOf(entry.amount.amount) - used;
  const fault = (item: Item, amount: string | null) => {
    if (amount === null) return t.noAmount;
    if (minorOf(amount) > minorOf(item.open.amount)) return t.atMost(format.money(item.open));
    return minorOf(amount) < 0n ? t.noAmount : null;
  };
  const faulty = left < 0n || amounts.some((one) => fault(one.item, one.amount) !== null);
  const fill = (item: Item) => {
    const own = minorOf(readAmount(typed[item.id] ?? "") ?? "0.00");
    const free = left + own;
    const open = minorOf(item.open.amount);
    setTyped({
      ...typed,
      [item.id]: amountOf(free < open ? (free < 0n ? 0n : free) : open).replace(
        ".",
        format.language === "de" ? "," : ".",
      ),
    });
  };
  return (
    <form
      ref={form}
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setSent(true);
        if (faulty) return;
        onBook({
          customerId: customer.id,
          items: amounts
            .filter((one) => one.amount !== null && minorOf(one.amount) > 0n)
            .map((one) => ({ itemId: one.item.id, amount: { amount: one.amount ?? "0.00", currency } })),
        });
      }}
    >
      <p>
        <b>{customer.name}</b> <span className="mute">{customerNumber(customer.number)}</span>{" "}
        <button type="button" className="linkbtn" onClick={onOther}>
          {t.otherCustomer}
        </button>
      </p>
      {items.length === 0 && <p className="mute">{texts.customer.nothingOpen}</p>}
      {items.length > 0 && (
        <table className="split-items">
          <thead>
            <tr>
              <th scope="col">{texts.words.item}</th>
              <th scope="col">{texts.words.dueDate}</th>
              <th scope="col" className="r">
                {texts.words.open}
              </th>
              <th scope="col" className="r">
                {t.now}
              </th>
            </tr>
          </thead>
          <tbody>
            {amounts.map(({ item, text, amount }) => (
              <tr key={item.id}>
                <td>{item.number}</td>
                <td className="nw">{format.dayShort(item.dueOn)}</td>
                <td className="r">
                  <button type="button" className="linkbtn" onClick={() => fill(item)} title={t.fill}>
                    {format.bare(item.open)}
                  </button>
                </td>
                <td className="r">
                  <TextInput
                    aria-label={t.amountFor(item.number)}
                    inputMode="decimal"
                    w={130}
                    ml="auto"
                    value={text}
                    error={sent ? fault(item, amount) : null}
                    onChange={(event) => setTyped({ ...typed, [item.id]: event.currentTarget.value })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {left < 0n ? (
        <Note tone="problem">{t.tooMuch(format.money({ amount: amountOf(-left), currency }))}</Note>
      ) : (
        <p role="status">{t.staysOnAccount(format.money({ amount: amountOf(left), currency }))}</p>
      )}
      <div className="acts">
        <Button go type="submit">
          {t.bookNext}
        </Button>
      </div>
    </form>
  );
}
