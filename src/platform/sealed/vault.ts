import {
  type Chance,
  type CustomerId,
  FailureError,
  fail,
  ok,
  type Result,
  type TenantId,
} from "../../pure/kernel/index.ts";
import type { TenantTransaction } from "../database/index.ts";
import {
  associatedData,
  asText,
  keyedHash,
  type MasterKeys,
  openBytes,
  type Purpose,
  type SealFailure,
  sealBytes,
  unwrapKey,
  type WrappedKey,
  wrapKey,
} from "./model.ts";
import {
  type CustomerKeyRow,
  destroyCustomerKeys,
  insertCustomerKeys,
  readCustomerKeys,
  readTenantKeys,
} from "./store.ts";
import { type Bytes, openStream, sealStream } from "./stream.ts";

/** Seals and opens what belongs to one customer. `kind` names the sort of value (`identity`, `remittance`, `letter`). */
export interface CustomerSeal {
  readonly customerId: CustomerId;
  /** True when the key of this purpose was destroyed. */
  erased(purpose: Purpose): boolean;
  /** Throws a `FailureError` `erased` for an erased customer: ask `erased` first where that can happen. */
  seal(purpose: Purpose, kind: string, value: string | Uint8Array): Buffer;
  /** Failures: `erased`, `sealed_broken`, `master_key_wrong`. Never throws for them. */
  open(purpose: Purpose, kind: string, sealed: Uint8Array): Result<Buffer, SealFailure>;
  openText(purpose: Purpose, kind: string, sealed: Uint8Array): Result<string, SealFailure>;
  /** For files too long to hold; see `stream.ts`. Both throw `FailureError`. */
  sealStream(purpose: Purpose, kind: string, source: Bytes): AsyncGenerator<Buffer>;
  openStream(purpose: Purpose, kind: string, source: Bytes): AsyncGenerator<Buffer>;
}

/** Seals what belongs to one key without a customer: tenant texts, payer data of a statement. */
export interface KeySeal {
  seal(kind: string, value: string | Uint8Array): Buffer;
  open(kind: string, sealed: Uint8Array): Result<Buffer, SealFailure>;
  openText(kind: string, sealed: Uint8Array): Result<string, SealFailure>;
}

export interface TenantSeal extends KeySeal {
  /** 16 bytes; the value normalised before (`normaliseValue`). */
  lookupToken(kind: string, normalisedValue: string): Buffer;
  /** 64 bit, signed. */
  searchToken(word: string): bigint;
}

export interface TenantKeys {
  readonly lookupKeyWrapped: Buffer;
  readonly dataKeyWrapped: Buffer;
  readonly masterKeyId: string;
}

/** All sealing and opening of one process. Holds the master keys; hands out seals, never keys. */
export interface Vault {
  readonly masterKeys: MasterKeys;
  readonly chance: Chance;
  /** Keys of a new tenant, to be written with its row. */
  createTenantKeys(): TenantKeys;
  /** Both keys of new customers, one statement. A customer that has keys keeps them. */
  createCustomerKeys(tx: TenantTransaction, customerIds: readonly CustomerId[]): Promise<void>;
  /** One read for all; kept for the transaction, up to some thousands. A customer without keys is missing from the map. */
  forCustomers(tx: TenantTransaction, customerIds: readonly CustomerId[]): Promise<Map<CustomerId, CustomerSeal>>;
  /** One customer; a customer without keys is a bug and throws. */
  forCustomer(tx: TenantTransaction, customerId: CustomerId): Promise<CustomerSeal>;
  /** Destroys keys for ever (invariant 13); what was sealed with them is `erased`. Returns the number destroyed. */
  destroyCustomerKeys(
    tx: TenantTransaction,
    customerIds: readonly CustomerId[],
    purposes: readonly Purpose[],
  ): Promise<number>;
  forTenant(tx: TenantTransaction): Promise<TenantSeal>;
  /** Look-ups before a tenant is known (login). 32 bytes; the same for ever, also after a rotation. */
  platformToken(kind: string, normalisedValue: string): Buffer;
  newStatementKey(): WrappedKey;
  /** Failures: `master_key_wrong`, `sealed_broken`. `owner` names what the key belongs to (tenant and statement). */
  withKey(wrapped: Uint8Array, masterKeyId: string, owner: string): Result<KeySeal, SealFailure>;
}

export interface VaultParts {
  readonly masterKeys: MasterKeys;
  readonly chance: Chance;
  /** The platform's look-up key (see `openVault`). */
  readonly platformKey: Uint8Array;
}

function keySeal(key: Uint8Array, chance: Chance, ...owner: string[]): KeySeal {
  const open = (kind: string, sealed: Uint8Array): Result<Buffer, SealFailure> =>
    openBytes(key, associatedData(...owner, kind), sealed);
  return {
    seal: (kind, value) => sealBytes(key, chance, associatedData(...owner, kind), value),
    open,
    openText: (kind, sealed) => asText(open(kind, sealed)),
  };
}

const LABEL = { contact: "customer-contact", records: "customer-records" } as const;
const PURPOSES = ["contact", "records"] as const;

function customerSeal(
  parts: VaultParts,
  tenantId: TenantId,
  id: CustomerId,
  rows: ReadonlyMap<Purpose, Pick<CustomerKeyRow, "wrapped" | "master_key_id" | "destroyed_at">>,
  opened = new Map<Purpose, Result<Buffer, SealFailure>>(),
): CustomerSeal {
  const keyOf = (purpose: Purpose): Result<Buffer, SealFailure> => {
    const row = rows.get(purpose);
    if (!row?.wrapped || row.destroyed_at) {
      return fail("not_found", "erased", "This content was erased.", id);
    }
    let key = opened.get(purpose);
    if (!key) {
      key = unwrapKey(parts.masterKeys, LABEL[purpose], row.wrapped, row.master_key_id);
      opened.set(purpose, key);
    }
    return key;
  };
  const mustKey = (purpose: Purpose): Buffer => {
    const key = keyOf(purpose);
    if (!key.ok) throw new FailureError(key.error);
    return key.value;
  };
  const aad = (purpose: Purpose, kind: string): Buffer => associatedData(tenantId, id, purpose, kind);
  const open = (purpose: Purpose, kind: string, sealed: Uint8Array): Result<Buffer, SealFailure> => {
    const key = keyOf(purpose);
    return key.ok ? openBytes(key.value, aad(purpose, kind), sealed) : key;
  };
  return {
    customerId: id,
    erased: (purpose) => !rows.get(purpose)?.wrapped,
    seal: (purpose, kind, value) => sealBytes(mustKey(purpose), parts.chance, aad(purpose, kind), value),
    open,
    openText: (purpose, kind, sealed) => asText(open(purpose, kind, sealed)),
    sealStream: (purpose, kind, source) => sealStream(mustKey(purpose), parts.chance, aad(purpose, kind), source),
    openStream: (purpose, kind, source) => openStream(mustKey(purpose), aad(purpose, kind), source),
  };
}

/** Seals of customers a transaction remembers; some 2 KB each. */
const SEALS_KEPT = 5_000;

/** The vault once the platform's look-up key is known; programs call `openVault`, which reads and checks it. */
export function createVault(parts: VaultParts): Vault {
  const { masterKeys, chance, platformKey } = parts;
  const customersOf = new WeakMap<TenantTransaction, Map<CustomerId, CustomerSeal>>();
  const tenantOf = new WeakMap<TenantTransaction, TenantSeal>();
  const newKey = (): Uint8Array => chance(32);
  const rememberedIn = (tx: TenantTransaction): Map<CustomerId, CustomerSeal> => {
    let seals = customersOf.get(tx);
    if (!seals) customersOf.set(tx, (seals = new Map()));
    return seals;
  };

  const vault: Vault = {
    masterKeys,
    chance,
    createTenantKeys() {
      const lookup = wrapKey(masterKeys, chance, "tenant-lookup", newKey());
      const data = wrapKey(masterKeys, chance, "tenant-data", newKey());
      return { lookupKeyWrapped: lookup.wrapped, dataKeyWrapped: data.wrapped, masterKeyId: lookup.masterKeyId };
    },
    async createCustomerKeys(tx, customerIds) {
      const fresh = customerIds.map((customerId) => {
        const keys = PURPOSES.map((purpose) => {
          const key = Buffer.from(newKey());
          return { customerId, purpose, key, ...wrapKey(masterKeys, chance, LABEL[purpose], key) };
        });
        return { customerId, keys };
      });
      const rows = fresh.flatMap(({ keys }) => keys);
      // Where some had keys already, the next read tells which.
      if ((await insertCustomerKeys(tx, rows)) < rows.length) return;
      const cached = rememberedIn(tx);
      if (cached.size > SEALS_KEPT) cached.clear();
      for (const { customerId, keys } of fresh) {
        const stored = new Map(
          keys.map((row) => [
            row.purpose,
            { wrapped: row.wrapped, master_key_id: row.masterKeyId, destroyed_at: null },
          ]),
        );
        const opened = new Map(keys.map(({ purpose, key }) => [purpose, ok(key)]));
        cached.set(customerId, customerSeal(parts, tx.tenantId, customerId, stored, opened));
      }
    },
    async forCustomers(tx, customerIds) {
      const cached = rememberedIn(tx);
      const missing = customerIds.filter((id) => !cached.has(id));
      // A file of hundreds of thousands of customers is one transaction: read again is cheaper than kept.
      if (cached.size > SEALS_KEPT && missing.length > 0) {
        cached.clear();
        return vault.forCustomers(tx, customerIds);
      }
      if (missing.length > 0) {
        const rowsOf = new Map<CustomerId, Map<Purpose, CustomerKeyRow>>();
        for (const row of await readCustomerKeys(tx, missing)) {
          const rows = rowsOf.get(row.customer_id) ?? new Map<Purpose, CustomerKeyRow>();
          rowsOf.set(row.customer_id, rows.set(row.purpose, row));
        }
        for (const [id, rows] of rowsOf) cached.set(id, customerSeal(parts, tx.tenantId, id, rows));
      }
      const found = new Map<CustomerId, CustomerSeal>();
      for (const id of customerIds) {
        const seal = cached.get(id);
        if (seal) found.set(id, seal);
      }
      return found;
    },
    async forCustomer(tx, customerId) {
      const seal = (await vault.forCustomers(tx, [customerId])).get(customerId);
      if (!seal) throw new Error(`customer ${customerId} has no keys in this tenant`);
      return seal;
    },
    async destroyCustomerKeys(tx, customerIds, purposes) {
      const destroyed = await destroyCustomerKeys(tx, customerIds, purposes);
      const cached = customersOf.get(tx);
      for (const id of customerIds) cached?.delete(id);
      return destroyed;
    },
    async forTenant(tx) {
      const cached = tenantOf.get(tx);
      if (cached) return cached;
      const row = await readTenantKeys(tx);
      const lookup = unwrapKey(masterKeys, "tenant-lookup", row.lookup_key_wrapped, row.master_key_id);
      if (!lookup.ok) throw new FailureError(lookup.error);
      const data = unwrapKey(masterKeys, "tenant-data", row.data_key_wrapped, row.master_key_id);
      if (!data.ok) throw new FailureError(data.error);
      const seal: TenantSeal = {
        ...keySeal(data.value, chance, tx.tenantId),
        lookupToken: (kind, value) => keyedHash(lookup.value, kind, value).subarray(0, 16),
        searchToken: (word) => keyedHash(lookup.value, "search", word).readBigInt64BE(0),
      };
      tenantOf.set(tx, seal);
      return seal;
    },
    platformToken: (kind, value) => keyedHash(platformKey, kind, value),
    newStatementKey: () => wrapKey(masterKeys, chance, "statement", newKey()),
    withKey(wrapped, masterKeyId, owner) {
      const key = unwrapKey(masterKeys, "statement", wrapped, masterKeyId);
      return key.ok ? { ok: true, value: keySeal(key.value, chance, owner) } : key;
    },
  };
  return vault;
}
