import { type AddressInfo, connect, createServer } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { createDatabase, sql, type TenantTransaction } from "../../src/platform/database/index.ts";
import { silentLogger } from "../../src/platform/config/index.ts";
import type { TenantId } from "../../src/pure/kernel/index.ts";
import { createTestDatabase } from "../support/database.ts";
import { administer } from "../support/server.ts";

const kulanz = await createTestDatabase();
const { database } = kulanz;
afterAll(() => kulanz.drop());
const first = await kulanz.createTenant("Erste GmbH");
const second = await kulanz.createTenant("Zweite GmbH");
/** A row of a small table, known by its number. */
const insert = (number: number, tenant: TenantId) => sql`
  insert into directory_entry (token, kind, tenant_id, customer_id, object_id)
  values (${Buffer.of(number)}, 'test', ${tenant}, ${tenant}, ${tenant})`;
const select = (number: number) => sql`select from directory_entry where token = ${Buffer.of(number)}`;

describe("roles and row security (invariant 8)", () => {
  it("shows a tenant its own rows only", async () => {
    const seen = (tenant: TenantId) =>
      database.tenant(tenant, (tx) => tx.rows<{ name: string }>(sql`select name from tenant`));
    expect(await seen(first)).toEqual([{ name: "Erste GmbH" }]);
    expect(await seen(second)).toEqual([{ name: "Zweite GmbH" }]);
  });

  it("takes no row of another tenant", async () => {
    const write = database.tenant(first, (tx) => tx.execute(insert(1, second)));
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it("serves no tenant rows to the system role, and roles can't be left by reset", async () => {
    await expect(database.system((tx) => tx.rows(sql`select * from tenant`))).rejects.toThrow(
      /permission denied|unrecognized configuration parameter/,
    );
    const may = sql`select has_table_privilege('kulanz_system', 'tenant', 'select') as may`;
    expect(await database.system((tx) => tx.one(may))).toEqual({ may: false });
    const role = await database.system(async (tx) => {
      await tx.execute(sql`reset role`);
      return tx.one(sql`select current_user::text as name`);
    });
    expect(role).toEqual({ name: "kulanz_system" });
    const tenants = await database.system((tx) => tx.rows<{ id: string }>(sql`select tenants() as id`));
    expect(tenants.map((row) => row.id).sort()).toEqual([first, second].sort());
  });

  it("keeps its role whatever options the address carries", async () => {
    const url = `${kulanz.url}?options=${encodeURIComponent("-c work_mem=5MB -c role=kulanz_owner")}`;
    const other = createDatabase({ url, now: kulanz.now, chance: kulanz.chance, log: silentLogger });
    const row = await other.tenant(first, (tx) =>
      tx.one(
        sql`select current_user::text as name, current_setting('work_mem') as memory, (select count(*) from tenant)`,
      ),
    );
    expect(row).toEqual({ name: "kulanz_app", memory: "5MB", count: 1n });
    await other.close();
  });

  it("takes no connection on which the role is another", async () => {
    // A pooler that drops startup options.
    const { port, hostname } = new URL(kulanz.url);
    const relay = createServer((near) => {
      const far = connect(Number(port), hostname);
      near.once("data", (bytes) => {
        // The same length, so the packet stays whole: the role becomes an option that means nothing.
        far.write(Buffer.from(bytes.toString("latin1").replace("-c role=kulanz_app", "-c work_mem=5000kB"), "latin1"));
        near.pipe(far).pipe(near);
      });
      near.on("error", () => far.destroy());
      far.on("error", () => near.destroy());
    });
    await new Promise<void>((done) => relay.listen(0, "127.0.0.1", done));
    const login = new URL(kulanz.url);
    login.port = String((relay.address() as AddressInfo).port);
    const other = createDatabase({ url: login.href, now: kulanz.now, chance: kulanz.chance, log: silentLogger });
    await expect(other.tenant(first, async () => 1)).rejects.toThrow(/not of role kulanz_app/);
    await other.close();
    await new Promise((done) => relay.close(done));
  });

  it("raises an error when no tenant is set", async () => {
    const work = database.tenant(first, async (tx) => {
      await tx.execute(sql`set local kulanz.tenant = ''`);
      return tx.rows(sql`select * from tenant`);
    });
    await expect(work).rejects.toThrow(/invalid input syntax for type uuid/);
  });

  it("does not splice what is not an id", () => {
    expect(() => database.tenant("x'; drop table tenant; --" as TenantId, async () => 1)).toThrow("not a tenant id");
  });
});

describe("values", () => {
  it("come as the types of the kernel", async () => {
    const row = await database.system((tx) =>
      tx.one(sql`select 9007199254740993::int8 as big, '2026-03-29'::date as day, 1.50::numeric as rate,
        '2026-03-29T01:30:00Z'::timestamptz as at, '\\x00ff'::bytea as bytes, array[1::int8, null] as bigs,
        array['2026-03-29'::date] as days, count(*) as many from generate_series(1, 3)`),
    );
    expect(row).toEqual({
      big: 9007199254740993n,
      day: "2026-03-29",
      rate: "1.50",
      at: new Date("2026-03-29T01:30:00Z"),
      bytes: Buffer.from([0, 255]),
      bigs: [1n, null],
      days: ["2026-03-29"],
      many: 3n,
    });
  });
});

describe("transactions", () => {
  it("roll back what threw, and then call nobody", async () => {
    let called = 0;
    const work = database.tenant(first, async (tx) => {
      tx.afterCommit(() => called++);
      await tx.execute(insert(7, first));
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(called).toBe(0);
    expect(await database.tenant(first, (tx) => tx.rows(select(7)))).toEqual([]);
  });

  it("call after the commit, when others see the rows", async () => {
    let visible: Promise<unknown[]> | undefined;
    await database.tenant(first, async (tx) => {
      await tx.execute(insert(8, first));
      tx.afterCommit(() => {
        visible = database.tenant(first, (other) => other.rows(select(8)));
      });
    });
    expect(await visible).toHaveLength(1);
  });

  it("that swallowed a failed statement do not pretend to be committed", async () => {
    const work = database.tenant(first, async (tx) => {
      await tx.execute(sql`select 1 / 0`).catch(() => 0);
    });
    await expect(work).rejects.toThrow(/rolled back/);
  });

  it("are done again after a deadlock, and both win", async () => {
    await database.tenant(first, async (tx) => {
      await tx.execute(insert(20, first));
      await tx.execute(insert(21, first));
    });
    let tries = 0;
    const cross = (a: number, b: number) =>
      database.tenant(first, async (tx) => {
        tries += 1;
        const lock = (token: number) => tx.rows(sql`${select(token)} for update`);
        await lock(a);
        if (tries <= 2) await new Promise((done) => setTimeout(done, 200));
        await lock(b);
      });
    await Promise.all([cross(20, 21), cross(21, 20)]);
    expect(tries).toBe(3);
  });

  it("take statements one after the other and none after their end", async () => {
    const late = await database.system(async (tx) => {
      const numbers = await Promise.all([1, 2, 3].map((n) => tx.one(sql`select ${n}::int as n`)));
      expect(numbers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
      return tx;
    });
    await expect(late.rows(sql`select 1`)).rejects.toThrow(/over/);
    expect(() => late.send(sql`select 1`)).toThrow(/over/);
  });

  it("send writes in order without waiting, and keep them at the commit", async () => {
    const seen = await database.tenant(first, async (tx) => {
      for (let number = 30; number < 40; number += 1) tx.send(insert(number, first));
      const rows = await tx.rows(sql`select from directory_entry where token between '\\x1e' and '\\x27'`);
      tx.send(insert(40, first));
      return rows.length;
    });
    expect(seen).toBe(10);
    expect(await database.tenant(first, (tx) => tx.rows(select(40)))).toHaveLength(1);
  });

  it("tell the first failure of what was sent, with the next statement or with the commit, and keep nothing", async () => {
    const sending = (after: (tx: TenantTransaction) => Promise<unknown>) =>
      database.tenant(first, async (tx) => {
        tx.send(insert(50, first));
        tx.send(sql`select 1 / 0`);
        tx.send(insert(51, first));
        await after(tx);
      });
    await expect(sending((tx) => tx.rows(sql`select 1`))).rejects.toThrow(/division by zero/);
    await expect(sending(() => Promise.resolve())).rejects.toThrow(/division by zero/);
    await expect(sending((tx) => tx.rows(select(50)).catch(() => []))).rejects.toThrow(/division by zero/);
    for (const number of [50, 51]) expect(await database.tenant(first, (tx) => tx.rows(select(number)))).toEqual([]);
  });

  it("survive connections that the server closed", async () => {
    const other = createDatabase({ url: kulanz.url, now: kulanz.now, chance: kulanz.chance, log: silentLogger });
    await other.system((tx) => tx.rows(sql`select 1`));
    await administer(
      kulanz.url,
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() and datname = current_database()",
    );
    expect(await other.system((tx) => tx.rows(sql`select 1 as one`))).toEqual([{ one: 1 }]);
    await other.close();
  });

  it("show the handed-in moment", async () => {
    kulanz.setNow(new Date("2030-02-03T04:05:06Z"));
    expect(await database.system(async (tx) => tx.now)).toEqual(new Date("2030-02-03T04:05:06Z"));
  });
});
