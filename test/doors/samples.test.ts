import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { planSchema, readPlan, samplesFolder } from "../../src/doors/demo/plan.ts";
import { makeSamples } from "../../src/doors/demo/samples/index.ts";
import { isCrossing } from "../../src/doors/demo/samples/items.ts";
import { DEMO_CREDITORS } from "../../src/doors/demo/setting.ts";
import { guessMapping, iban, readCsv, readInvoiceFile, reportFile } from "../../src/pure/formats/index.ts";
import { formatMinor, EUR } from "../../src/pure/kernel/index.ts";

const samples = makeSamples();

if (process.env["KULANZ_WRITE_SAMPLES"] === "1") {
  for (const folder of ["garden", "utility"]) rmSync(join(samplesFolder, folder), { recursive: true, force: true });
  for (const [path, bytes] of samples.files) {
    mkdirSync(dirname(join(samplesFolder, path)), { recursive: true });
    writeFileSync(join(samplesFolder, path), bytes);
  }
}

const report = (path: string) => reportFile(path, [samples.files.get(path) as Buffer]);
const paths = [...samples.files.keys()].filter((path) => path !== "plan.json");

describe("the sample files", () => {
  test("are what the generator makes, no more and no less", () => {
    for (const [path, bytes] of samples.files) {
      const file = join(samplesFolder, path);
      expect(existsSync(file), path).toBe(true);
      expect(readFileSync(file).equals(bytes), path).toBe(true);
    }
    const made = readdirSync(samplesFolder, { recursive: true, encoding: "utf8" }).filter(
      (path) => /\.(csv|xml|sta|json)$/.test(path) && !samples.files.has(path),
    );
    expect(made).toEqual([]);
    expect(
      makeSamples()
        .files.get("plan.json")
        ?.equals(samples.files.get("plan.json") as Buffer),
    ).toBe(true);
  });

  test("are read without an error or a warning", async () => {
    for (const path of paths) {
      const read = await report(path);
      expect(read.status, path).toBe("ok");
      expect(read.warnings, path).toEqual([]);
    }
  });

  test("say what the generator meant", async () => {
    const numbers: string[] = [];
    for (const path of paths.filter((one) => one.endsWith(".csv") && !one.includes("/orders-"))) {
      const table = readCsv(samples.files.get(path) as Buffer);
      if (!table.ok) throw new Error(path);
      const read = await report(path);
      expect(read.records, path).toBe(table.value.records.length);
      const mapping = guessMapping(table.value);
      const unknown = mapping.columns.filter(({ field }) => field === null).map(({ header }) => header);
      expect(unknown, path).toEqual(path.startsWith("utility") ? ["Sachbearbeiter"] : []);
      const least = Math.min(
        ...mapping.columns.filter(({ field }) => field !== null).map(({ confidence }) => confidence),
      );
      // The garden shop writes our names; the utility's headers are guessed.
      expect(least === 1, path).toBe(path.startsWith("garden"));
      const column = mapping.columns.find(({ field }) => field === "invoice_number")?.column ?? -1;
      numbers.push(...table.value.records.map(({ cells }) => cells[column] ?? ""));
    }
    let events = 0;
    for (const path of paths.filter((one) => one.includes("/orders-"))) events += (await report(path)).records;
    expect(events).toBeGreaterThan(200);
    for (const path of paths.filter((one) => one.includes("/invoices/"))) {
      const invoice = readInvoiceFile(samples.files.get(path) as Buffer);
      if (!invoice.ok) throw new Error(path);
      const item = samples.items.find(({ number }) => number === invoice.value.number);
      if (!invoice.value.creditNote) {
        numbers.push(invoice.value.number);
        expect(invoice.value.dueDate).toBe(item?.dueDate);
        expect(formatMinor(item?.amountMinor ?? 0n, EUR)).toBe((await report(path)).invoices[0]?.payable);
      }
      expect(invoice.value.buyer.identifiers[0]?.id).toMatch(/^(K-|SQ)\d+$/);
    }
    expect(numbers.sort()).toEqual(samples.items.map(({ number }) => number).sort());
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("hold three statements an account, which reconcile and follow each other", async () => {
    for (const creditor of DEMO_CREDITORS) {
      let closing: string | null = null;
      const files = samples.statements[creditor.key];
      expect(files).toHaveLength(3);
      for (const { file, statement } of files) {
        const [read] = (await report(file)).statements;
        expect(read?.account).toBe(creditor.accounts[0]?.iban);
        expect(read?.reconciles).toBe(true);
        expect(read?.entries).toBe(statement.entries.length);
        if (closing !== null) expect(read?.opening).toBe(closing);
        closing = read?.closing ?? null;
      }
    }
  });

  test("have every kind of payment and person", () => {
    const count = (behaviour: string): number => samples.items.filter((item) => item.behaviour === behaviour).length;
    for (const behaviour of [
      "reference",
      "text",
      "account",
      "partial",
      "instalments",
      "over",
      "combined",
      "mistyped",
      "other_payer",
      "debit",
      "never",
    ])
      expect(count(behaviour), behaviour).toBeGreaterThanOrEqual(3); // prettier-ignore
    expect(count("debit_returned")).toBeGreaterThanOrEqual(1);
    expect(samples.items.filter(isCrossing)).not.toEqual([]);
    const { customers } = samples;
    expect(customers.length).toBeGreaterThanOrEqual(200);
    expect(new Set(customers.map(({ number }) => number)).size).toBe(customers.length);
    expect(new Set(customers.map((customer) => customer.iban)).size).toBe(customers.length);
    for (const customer of customers) expect(iban(customer.iban).ok, customer.number).toBe(true);
    expect(new Set(customers.map(({ state }) => state)).size).toBeGreaterThanOrEqual(10);
    expect(customers.filter(({ email }) => email === undefined).length).toBeGreaterThan(20);
    expect(customers.filter(({ language }) => language === "en").length).toBeGreaterThan(8);
    for (const { email } of customers) expect(email ?? "a@b.example").toMatch(/^[a-z0-9.-]+@[a-z0-9.-]+\.example$/);
    const invoices = paths.filter((path) => path.includes("/invoices/"));
    expect(invoices.filter((path) => path.endsWith(".ubl.xml")).length).toBeGreaterThanOrEqual(8);
    expect(invoices.filter((path) => path.endsWith(".cii.xml")).length).toBeGreaterThanOrEqual(6);
    const acts = new Set(samples.plan.acts.map(({ act }) => act));
    for (const act of [
      "open_pay_page",
      "i_have_paid",
      "call_me",
      "something_is_wrong",
      "place_hold",
      "lift_hold",
      "review_statement",
    ])
      expect(acts).toContain(act); // prettier-ignore
    for (const creditor of ["garden", "utility"])
      for (const truth of [true, false])
        expect(
          samples.plan.acts.filter(
            (act) => act.act === "i_have_paid" && act.creditor === creditor && act.true === truth,
          ),
        ).not.toEqual([]);
  });

  test("are announced by the plan, and the plan is read as it was meant", () => {
    expect(planSchema.parse(JSON.parse(JSON.stringify(samples.plan)))).toEqual(samples.plan);
    expect(readPlan()).toEqual(samples.plan);
    expect(samples.plan.arrivals.map(({ file }) => file).sort()).toEqual([...paths].sort());
  });

  test("name brands whose logos are drawn", () => {
    for (const { logo } of DEMO_CREDITORS.flatMap(({ brands }) => brands))
      expect(readFileSync(join(samplesFolder, logo), "utf8")).toMatch(/^<svg [^>]*viewBox/);
  });
});
