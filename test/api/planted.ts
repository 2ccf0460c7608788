/** Facts of the first tenant for the test of walls: one of everything that has an id in a route. */
import type { CreditBalance, List } from "../../web/console/src/api/contract.ts";
import { changeCreditorSettings, takeCustomers } from "../../src/books/customers/index.ts";
import { findDuplicates } from "../../src/books/duplicates/index.ts";
import { importFile, putSource } from "../../src/books/intake/index.ts";
import { drawReview, matchEntries } from "../../src/books/matching/index.ts";
import { post } from "../../src/books/receivables/index.ts";
import { withAct } from "../../src/platform/access/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { EUR, expectOk, type ReceivableId, type Uuid } from "../../src/pure/kernel/index.ts";
import { customerInput, day, makeCreditor, makeItem, SYSTEM } from "../books/books.ts";
import { list } from "../leading/setting.ts";
import { PAYPAL } from "../formats/settlement/fixtures.ts";
import type { ApiHouse } from "./api.ts";
import { ownAccounts, statementFile } from "./files.ts";

/** Adds to `ids`, by name of the path parameter. */
export async function plantFacts(house: ApiHouse, ids: Record<string, string>): Promise<void> {
  const { outreach } = house;
  const { platform, tenantId } = outreach;
  const [manager, other] = [
    await house.person("manager", { limit: 1_000_000n }),
    await house.person("manager", { limit: 1_000_000n }),
  ];
  const first = async (route: string, key = "id"): Promise<string> => {
    const answer = await house.get<{ rows: Record<string, unknown>[] } | Record<string, unknown>[]>(route, {
      as: manager,
    });
    const [row] = Array.isArray(answer) ? answer : answer.rows;
    return String(row?.[key] ?? "");
  };

  // Two files of one person.
  const guests = await outreach.act((act) =>
    takeCustomers(act, [
      ...["K-777124", "K-777125"].map((number) =>
        customerInput(
          outreach,
          number,
          { firstName: "Zwiebelmond", name: "Quastenthal" },
          { email: "z.quastenthal@planted.example" },
        ),
      ),
      customerInput(outreach, "K-777127", { firstName: "Zwiebelmond", name: "Alraune" }),
    ]),
  );
  await findDuplicates(platform, tenantId, SYSTEM);
  ids["pairId"] = await first("GET /duplicates");

  // Paid too much, paid back; and paid twice by the same person.
  const guest = guests.get("K-777127")?.customerId;
  if (!guest) throw new Error("no guest");
  await outreach.act((act) => makeItem(act, outreach, guest, "R-777457", 1_000n));
  const paid = (number: string, text: string, amount: string) =>
    importFile(platform, tenantId, SYSTEM, {
      name: `auszug-${number}.xml`,
      content: Buffer.from(
        ownAccounts(statementFile("DE02120300000000202051", [["Zwiebelmond Alraune", text, amount]], number)),
      ),
    });
  await paid("7", "R-777457", "15.00");
  await matchEntries(platform, tenantId, SYSTEM, {});
  await paid("8", "R-777457", "15.00");
  await matchEntries(platform, tenantId, SYSTEM, {});
  ids["accountId"] = await first("GET /bank/accounts", "accountId");
  await outreach.act((act) => drawReview(act, outreach.creditorId, day("2026-06-01"), 5));
  ids["reviewId"] = await first("GET /bank/review?month=2026-06");
  const { rows } = await house.get<List<CreditBalance>>("GET /credit-balances", { as: manager });
  const [credit] = rows;
  const refund = await house.get<{ id: string }>("POST /refunds", {
    as: manager,
    body: {
      customerId: credit?.customer.id,
      itemId: credit?.id,
      amount: { amount: "2.00", currency: "EUR" },
      reason: "overpaid",
    },
  }); // prettier-ignore
  ids["refundId"] = refund.id;
  await house.get(`POST /refunds/${refund.id}/decide`, { as: other, body: { act: "approve" } });
  const file = await house.get<{ id: string }>("POST /refund-files", {
    as: other,
    body: { creditorId: outreach.creditorId },
  });
  ids["fileId"] = file.id;

  // A waiver that goes back to the ERP.
  await outreach.act((act) =>
    changeCreditorSettings(act, outreach.creditorId, { handBack: { accounts: { write_off: "2400" } } }),
  );
  await outreach.act((act) =>
    post(
      act,
      [
        {
          customerId: ids["customerId"] as never,
          receivableId: ids["itemId"] as ReceivableId,
          kind: "write_off",
          component: "principal",
          amountMinor: -100n,
          currency: EUR,
          valueOn: day("2026-06-01"),
        },
      ],
      act.tx.newId<Uuid>(),
    ),
  );
  await house.call("POST /handback/batches", { as: manager, body: { creditorId: outreach.creditorId } });
  await importFile(platform, tenantId, SYSTEM, {
    name: "planted-paypal.csv",
    content: Buffer.from(PAYPAL.replaceAll("RE-2", "Zwiebelmond-2")),
    creditorId: outreach.creditorId,
  });
  ids["payoutId"] = await first("GET /bank/payouts");
  ids["line"] = "2";
  ids["batchId"] = await first("GET /handback/batches");

  ids["sourceId"] = expectOk(
    await outreach.act((act) => putSource(act, { kind: "folder", name: "Ablage", path: "/nowhere/at/all" })),
  );

  // A list from which too much vanished.
  const led = await withAct(platform, tenantId, SYSTEM, (act) =>
    makeCreditor(act, "DE75512108001245126199", "planted-erp"),
  );
  await withAct(platform, tenantId, SYSTEM, (act) =>
    act.tx.execute(sql`update creditor set leads = 'erp' where creditor_id = ${led.creditorId}`),
  );
  const items = Array.from({ length: 10 }, (_, index) => ({
    number: `V-${index}`,
    amount: "10.00",
    customer: "K-777126",
  }));
  for (const lines of [items, items.slice(0, 2)])
    await importFile(platform, tenantId, SYSTEM, {
      name: "list.csv",
      content: Buffer.from(list(lines)),
      creditorId: led.creditorId,
      list: "snapshot",
    });
  ids["stopId"] = await first("GET /reconciliation/vanished");
}
