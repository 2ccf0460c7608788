/**
 * All letters of a day for the printer room: `<folder>/<day>/druckstapel.pdf` (the folder's German name for a print
 * batch), more than a hundred in numbered files. Set again from what each letter was made of, in the order of their ids:
 * printing a day twice gives the same bytes under the same names.
 */
import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import { withAct } from "../../platform/access/index.ts";
import { sql } from "../../platform/database/index.ts";
import { type Failure, fail, ok, type PlainDate, type Result } from "../../pure/kernel/index.ts";
import { createComposer, type ComposerParts } from "./composing/composer.ts";
import type { Message, MessageRef } from "./model.ts";
import { decodePrepared, type Prepared } from "./outbox.ts";
import type { LetterData } from "./rendering/letter.ts";
import { message, sealedParts } from "./store.ts";

/** Two hundred letters at once took 900 MB. */
const LETTERS_A_FILE = 100;

export interface PrintBatch {
  readonly letters: number;
  /** Names below the letter folder. */
  readonly files: readonly string[];
}

/** Failures: `no_letters` (none left that day), `erased`, and those of the printer. */
export async function printBatch(
  parts: ComposerParts & { readonly letterFolder: string },
  day: PlainDate,
): Promise<Result<PrintBatch, Failure>> {
  const { platform, tenantId } = parts;
  const letters = await withAct(platform, tenantId, { kind: "system", id: "print_batch" }, async (act) => {
    // A letter that was repeated lies in the folder of its first day.
    const refs = await act.tx.rows<MessageRef>(sql`
      select m.customer_id as "customerId", m.message_id as "messageId"
        from message m join message_attempt a on a.customer_id = m.customer_id and a.message_id = m.message_id
       where m.tenant_id = ${tenantId} and m.channel = 'letter' and m.state = 'left' and a.outcome = 'left'
         and a.provider_reference = ${day}::text || '/' || m.message_id::text || '.pdf'
       order by m.message_id`);
    const found: { message: Message; prepared: Prepared }[] = [];
    for (const ref of refs) {
      const one = await message(act, ref);
      const values = (await sealedParts(act, ref))?.values;
      const opened =
        values && (await act.vault.forCustomer(act.tx, ref.customerId)).openText("records", "message_values", values);
      if (opened && !opened.ok) return opened;
      if (one && opened) found.push({ message: one, prepared: decodePrepared(opened.value) });
    }
    return ok(found);
  });
  if (!letters.ok) return letters;
  if (letters.value.length === 0) return fail("not_found", "no_letters", "No letter left on this day.", day);
  const stacks: LetterData[][] = [];
  for (let first = 0; first < letters.value.length; first += LETTERS_A_FILE) {
    const pages = await pagesOf(parts, letters.value.slice(first, first + LETTERS_A_FILE));
    if (!pages.ok) return pages;
    stacks.push(pages.value);
  }
  const files: string[] = [];
  for (const [index, pages] of stacks.entries()) {
    const pdf = await parts.printer.renderBatch(pages, new Date(`${day}T00:00:00Z`));
    if (!pdf.ok) return pdf;
    const name = stacks.length === 1 ? "druckstapel.pdf" : `druckstapel-${index + 1}.pdf`;
    await writeWhole(path.join(parts.letterFolder, day), name, pdf.value);
    files.push(`${day}/${name}`);
  }
  return ok({ letters: letters.value.length, files });
}

/** The composer is asked for its pages only: nothing is printed here. */
async function pagesOf(
  parts: ComposerParts,
  letters: readonly { readonly message: Message; readonly prepared: Prepared }[],
): Promise<Result<LetterData[], Failure>> {
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

/** Whole or not at all: written beside, synced, renamed. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `.${name}.part`);
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path.join(folder, name));
}
