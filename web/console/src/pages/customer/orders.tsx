import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/client.ts";
import type { Order } from "../../api/contract.ts";
import { useFormat, useTexts } from "../../app/session.tsx";
import { Card, Empty, Note, Pill, Waiting } from "../../parts/page.tsx";

/** Orders with what happened to them: the way of each from ordering to the goods' return. */
export function CustomerOrders({ customerId }: { customerId: string }) {
  const t = useTexts().orders;
  const { data, error, refetch } = useQuery({
    queryKey: ["customer", customerId, "orders"],
    queryFn: ({ signal }) =>
      call("GET /customers/{customerId}/orders", { path: { customerId }, query: { limit: 100 }, signal }),
  });
  if (data === undefined) return <Waiting error={error} retry={() => void refetch()} />;
  if (data.rows.length === 0) {
    return (
      <Card label={t.title}>
        <Empty title={t.none}>{t.noneHint}</Empty>
      </Card>
    );
  }
  return (
    <div className="grid2">
      {data.rows.map((order) => (
        <OrderCard key={order.id} order={order} />
      ))}
    </div>
  );
}

function OrderCard({ order }: { order: Order }) {
  const texts = useTexts();
  const t = texts.orders;
  const format = useFormat();
  return (
    <Card className="spaced" title={t.order(order.number)} end={<Pill>{order.state.text}</Pill>}>
      <p className="mute">
        {[
          order.creditor.name,
          order.orderedOn === null ? null : format.dayShort(order.orderedOn),
          order.amount === null ? null : format.money(order.amount),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {order.creditNoteOverdue && <Note tone="notice">{t.creditNoteOverdue}</Note>}
      <ol className="way tl">
        {order.events.map((event) => (
          <li key={event.id}>
            <div className="h">
              <span>{event.said.text}</span>
              <time dateTime={event.on}>{format.dayShort(event.on)}</time>
            </div>
            {(event.amount !== null || event.holdsUntil !== null) && (
              <p>
                {[
                  event.amount === null ? null : format.money(event.amount),
                  event.holdsUntil === null ? null : t.holdsUntil(format.dayShort(event.holdsUntil)),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            )}
          </li>
        ))}
      </ol>
      {order.items.length > 0 && (
        <p className="tiny">
          {t.items}{" "}
          {order.items.map((item, at) => (
            <span key={item.id}>
              {at > 0 && ", "}
              <Link to="." search={{ tab: "items", sel: item.id } as never}>
                {item.number}
              </Link>{" "}
              ({texts.common.openAmount(format.money(item.open))})
            </span>
          ))}
        </p>
      )}
    </Card>
  );
}
