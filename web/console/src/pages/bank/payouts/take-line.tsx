import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import type { CustomerRef, PayoutLine, PayoutLineDecision } from "../../../api/contract.ts";
import { useFormat, useTexts } from "../../../app/session.tsx";
import { customerNumber, minorOf } from "../../../format/index.ts";
import { Button } from "../../../parts/button.tsx";
import { Dialog } from "../../../parts/dialog.tsx";
import { Waiting } from "../../../parts/page.tsx";
import { FindCustomer } from "../split-dialog.tsx";

/** An open line to a customer: find them, say which items it pays; a refund takes back what was booked. */
export function TakeLine({
  line,
  onBook,
  onClose,
}: {
  line: PayoutLine;
  onBook: (body: PayoutLineDecision) => void;
  onClose: () => void;
}) {
  const texts = useTexts();
  const t = texts.payouts;
  const format = useFormat();
  const [customer, setCustomer] = useState<CustomerRef>();
  // A number that nobody has finds nobody.
  const start = line.said.code === "number_unknown" ? "" : (line.invoiceNumber ?? line.orderNumber ?? "");
  return (
    <Dialog
      opened
      onClose={onClose}
      size="lg"
      title={customer === undefined ? texts.bank.searchCustomer : t.bookLine(format.money(line.gross))}
    >
      {customer === undefined ? (
        <FindCustomer start={start} onChoose={setCustomer} />
      ) : (
        <Items line={line} customer={customer} onBook={onBook} onOther={() => setCustomer(undefined)} />
      )}
    </Dialog>
  );
}

function Items({
  line,
  customer,
  onBook,
  onOther,
}: {
  line: PayoutLine;
  customer: CustomerRef;
  onBook: (body: PayoutLineDecision) => void;
  onOther: () => void;
}) {
  const texts = useTexts();
  const t = texts.payouts;
  const format = useFormat();
  const pays = minorOf(line.gross.amount) > 0n;
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data, error } = useQuery({
    queryKey: ["customer", customer.id, "items", { state: "open", limit: 100 }],
    queryFn: ({ signal }) =>
      call("GET /customers/{customerId}/items", {
        path: { customerId: customer.id },
        query: { state: "open", limit: 100 },
        signal,
      }),
    enabled: pays,
  });
  if (pays && data === undefined) return <Waiting error={error} />;
  const items = (data?.rows ?? []).filter(
    (item) => item.open.currency === line.gross.currency && minorOf(item.open.amount) > 0n,
  );
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        onBook({ act: "book", customerId: customer.id, items: chosen });
      }}
    >
      <p>
        <b>{customer.name}</b> <span className="mute">{customerNumber(customer.number)}</span>{" "}
        <button type="button" className="linkbtn" onClick={onOther}>
          {texts.bank.otherCustomer}
        </button>
      </p>
      {!pays && <p>{t.refundHint}</p>}
      {items.length > 0 && (
        <Checkbox.Group label={t.whichItems} description={t.oldestFirst} value={[...chosen]} onChange={setChosen}>
          {items.map((item) => (
            <Checkbox
              key={item.id}
              value={item.id}
              mt={8}
              label={`${item.number} · ${format.dayShort(item.dueOn)} · ${format.money(item.open)}`}
            />
          ))}
        </Checkbox.Group>
      )}
      <div className="acts">
        <Button go type="submit">
          {t.lineAct.book}
        </Button>
      </div>
    </form>
  );
}
