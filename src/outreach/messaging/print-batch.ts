/**
 * All letters of a day for the printer room: `<folder>/<day>/druckstapel.pdf` (the folder's German name for a print
 * batch), more than a hundred in numbered files. Set again from what each letter was made of, in the order of their ids:
 * printing a day twice gives the same bytes under the same names. A letter whose customer was erased since is left out.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { type Act, type Actor, listTenants, withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { visibleCustomers } from "../../books/customers/index.ts";
import {
  addDays,
  type CreditorId,
  dateIn,
  type Failure,
  fail,
  ok,
  type PlainDate,
  type Result,
} from "../../pure/kernel/index.ts";
import { createComposer, type ComposerParts } from "./composing/composer.ts";
import type { Message, MessageRef } from "./model.ts";
import { decodePrepared, type Prepared } from "./outbox.ts";
import type { LetterData } from "./rendering/letter.ts";
import { message, sealedParts } from "./store.ts";

/** Two hundred letters at once took 900 MB. */
export const LETTERS_A_FILE = 100;
const SYSTEM: Actor = { kind: "system", id: "print_batch" };
/** Days that are looked at for letters not in their batch yet. */
const RECENT_DAYS = 2;

export interface PrintParts extends ComposerParts {
  readonly letterFolder: string;
}

export interface PrintBatch {
  readonly letters: number;
  /** Names below the letter folder. */
  readonly files: readonly string[];
}

/** Days from `from` on with letters that left, newest first; letters to protected files are not counted for who may not open them. */
export async function printDays(
  act: Act,
  from: PlainDate,
  creditorId: CreditorId | null = null,
): Promise<readonly { readonly day: PlainDate; readonly letters: number }[]> {
  // A letter lies in the folder of its first attempt; it left then or later.
  return act.tx.rows<{ day: PlainDate; letters: number }>(sql`
    select split_part(a.provider_reference, '/', 1)::date as day, count(*)::integer as letters
      from message m join message_attempt a on a.customer_id = m.customer_id and a.message_id = m.message_id
      join customer c on c.customer_id = m.customer_id
     where m.tenant_id = ${act.tx.tenantId} and m.left_at >= ${from}::date - 1 and m.channel = 'letter' and m.state = 'left'
       and a.outcome = 'left' and a.provider_reference like '____-__-__/%' and a.provider_reference >= ${from}::text
       and (${creditorId}::uuid is null or m.creditor_id = ${creditorId}) and ${visibleCustomers(act)}
     group by 1 order by 1 desc`);
}

async function lettersOf(act: Act, day: PlainDate, creditorId: CreditorId | null): Promise<MessageRef[]> {
  return act.tx.rows<MessageRef>(sql`
    select m.customer_id as "customerId", m.message_id as "messageId"
      from message m join message_attempt a on a.customer_id = m.customer_id and a.message_id = m.message_id
      join customer c on c.customer_id = m.customer_id
     where m.tenant_id = ${act.tx.tenantId} and m.left_at >= ${day}::date - 1 and m.channel = 'letter' and m.state = 'left'
       and a.outcome = 'left' and a.provider_reference = ${day}::text || '/' || m.message_id::text || '.pdf'
       and (${creditorId}::uuid is null or m.creditor_id = ${creditorId}) and ${visibleCustomers(act)}
     order by m.message_id`);
}

const noLetters = (day: PlainDate) => fail("not_found", "no_letters", "No letter left on this day.", day);

/**
 * One file of a day's batch, for who asks in `act`'s name: protected files are left out as everywhere. `part` from 1,
 * `LETTERS_A_FILE` letters each. `read` runs in the caller's transaction, printing happens after it.
 * Failures: `no_letters` (none left that day, or no such part), and those of the printer.
 */
export async function printedPart(
  parts: ComposerParts,
  read: <T>(work: (act: Act) => Promise<Result<T>>) => Promise<Result<T>>,
  wanted: { readonly day: PlainDate; readonly part: number; readonly creditorId?: CreditorId | undefined },
): Promise<Result<Uint8Array, Failure>> {
  const { day, part, creditorId = null } = wanted;
  const stack = await read(async (act) => {
    const refs = await lettersOf(act, day, creditorId);
    return ok(await opened(act, refs.slice((part - 1) * LETTERS_A_FILE, part * LETTERS_A_FILE)));
  });
  if (!stack.ok) return stack;
  return stack.value.length === 0 ? noLetters(day) : printed(parts, stack.value, day);
}

/**
 * Writes the batch of a day to the letter folder. What was written with the same letters before is not written again,
 * also when the printer room has taken it away meanwhile. Failures: `no_letters`, and those of the printer.
 */
export async function printBatch(parts: PrintParts, day: PlainDate): Promise<Result<PrintBatch, Failure>> {
  const { platform, tenantId } = parts;
  const refs = await withAct(platform, tenantId, SYSTEM, (act) => lettersOf(act, day, null));
  if (refs.length === 0) return noLetters(day);
  const folder = path.join(parts.letterFolder, day);
  // The folder is everybody's: where there are several tenants, each has names of its own.
  const alone = (await listTenants(platform.database)).length === 1;
  const stem = alone ? "druckstapel" : `druckstapel-${tenantId}`;
  const before = await contentsOf(folder, stem);
  const now: Record<string, string> = {};
  const stacks = Math.ceil(refs.length / LETTERS_A_FILE);
  for (let index = 0; index < stacks; index += 1) {
    const stack = refs.slice(index * LETTERS_A_FILE, (index + 1) * LETTERS_A_FILE);
    const name = stacks === 1 ? `${stem}.pdf` : `${stem}-${index + 1}.pdf`;
    now[name] = createHash("sha256")
      .update(stack.map(({ messageId }) => messageId).join())
      .digest("hex");
    if (before[name] === now[name]) continue;
    const letters = await withAct(platform, tenantId, SYSTEM, (act) => opened(act, stack));
    if (letters.length === 0) {
      delete now[name];
      continue;
    }
    const pdf = await printed(parts, letters, day);
    if (!pdf.ok) return pdf;
    await writeWhole(folder, name, pdf.value);
  }
  for (const name of Object.keys(before))
    if (now[name] === undefined) await rm(path.join(folder, name), { force: true });
  await writeWhole(folder, `.${stem}.json`, Buffer.from(JSON.stringify(now)));
  return ok({ letters: refs.length, files: Object.keys(now).map((name) => `${day}/${name}`) });
}

/**
 * Brings the batches of the last days up to date; where nothing new left, it reads and writes nothing. A day whose folder
 * was taken away is done with. Throws the first failure of the printer when all days are through.
 */
export async function printNewLetters(parts: PrintParts): Promise<void> {
  const days = await withAct(parts.platform, parts.tenantId, SYSTEM, (act) =>
    printDays(act, addDays(dateIn(act.tx.now, "UTC"), -RECENT_DAYS)),
  );
  const failures: Failure[] = [];
  for (const { day } of days) {
    if (!(await exists(path.join(parts.letterFolder, day)))) continue;
    const made = await printBatch(parts, day);
    if (!made.ok && made.error.code !== "no_letters") failures.push(made.error);
  }
  if (failures[0]) throw new Error(`the print batch was not made: ${failures[0].code}`);
}

/** Messages with what they were made of, without those that are erased. */
async function opened(act: Act, refs: readonly MessageRef[]): Promise<Letter[]> {
  const found: Letter[] = [];
  for (const ref of refs) {
    const one = await message(act, ref);
    const values = (await sealedParts(act, ref))?.values;
    const text =
      values && (await act.vault.forCustomer(act.tx, ref.customerId)).openText("records", "message_values", values);
    if (one && text?.ok) found.push({ message: one, prepared: decodePrepared(text.value) });
  }
  return found;
}

interface Letter {
  readonly message: Message;
  readonly prepared: Prepared;
}

async function printed(
  parts: ComposerParts,
  letters: readonly Letter[],
  day: PlainDate,
): Promise<Result<Uint8Array, Failure>> {
  const pages = await pagesOf(parts, letters);
  return pages.ok ? parts.printer.renderBatch(pages.value, new Date(`${day}T00:00:00Z`)) : pages;
}

/** The composer is asked for its pages only: nothing is printed here. */
async function pagesOf(parts: ComposerParts, letters: readonly Letter[]): Promise<Result<LetterData[], Failure>> {
  const pages: LetterData[] = [];
  const keep = (some: readonly LetterData[]): Uint8Array => {
    pages.push(...some);
    return new Uint8Array();
  };
  const printer = {
    ...parts.printer,
    renderLetters: (some: readonly LetterData[]) => Promise.resolve([ok(keep(some))]),
    renderBatch: (some: readonly LetterData[]) => Promise.resolve(ok(keep(some))),
  };
  const composer = createComposer({ ...parts, printer });
  for (const letter of letters) {
    const rendered = await composer.render(letter.message, letter.prepared);
    if (!rendered.ok) return rendered;
  }
  return ok(pages);
}

/** What the files of a batch were made of, by name; nothing when it was never made. */
async function contentsOf(folder: string, stem: string): Promise<Readonly<Record<string, string>>> {
  try {
    return JSON.parse(await readFile(path.join(folder, `.${stem}.json`), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

let written = 0;
/** Whole or not at all: written beside, synced, renamed. Two who write at once don't write into the same file. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  written += 1;
  const temporary = path.join(folder, `.${name}.${process.pid}-${written}.part`);
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path.join(folder, name));
}
