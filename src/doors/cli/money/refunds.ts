/** `kulanz refunds`: refunds as they stand, and the payment file of those that people approved. */
import { rename, writeFile } from "node:fs/promises";
import { createRefundFile, refundFileContent, refundFiles, refunds } from "../../../books/banking/index.ts";
import { creditors } from "../../../books/customers/index.ts";
import { type Actor, withAct } from "../../../platform/access/index.ts";
import { fail, formatMinor, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Command, Invocation, Output } from "../command.ts";
import { creditorNamed, DATABASE_OPTIONS, type Surroundings, tenantOf, withProgram } from "../opening.ts";

/** Who may read the keys of the machine. */
const OPERATOR: Actor = { kind: "system", id: "operator", role: "admin" };
/** Refunds of one listing. */
const ROWS = 10_000;

export function refundCommands(surroundings: Surroundings): Command[] {
  return [
    {
      name: "refunds",
      group: "facts",
      summary: "List refunds; with --file, write the payment file (pain.001) of those approved",
      usage: "[--file F] [--creditor ID] [--json]",
      options: { ...DATABASE_OPTIONS, file: { type: "string" }, creditor: { type: "string" } },
      run: (invocation) => refundsCommand(surroundings, invocation),
    },
  ];
}

function refundsCommand(surroundings: Surroundings, invocation: Invocation): Promise<Result<Output>> {
  const target = invocation.text("file");
  return withProgram(surroundings, invocation, { beside: true }, async (program): Promise<Result<Output>> => {
    const tenant = await tenantOf(program, invocation);
    if (!tenant.ok) return tenant;
    const named = await creditorNamed(program, tenant.value, invocation.text("creditor"));
    if (!named.ok) return named;
    const act = <T>(work: Parameters<typeof withAct<T>>[3]) => withAct(program.platform, tenant.value, OPERATOR, work);
    if (target === undefined) return ok(await act((one) => listed(one, named.value)));
    const all = await act(creditors);
    const creditorId = named.value ?? (all.length === 1 ? all[0]?.creditorId : undefined);
    if (creditorId === undefined)
      return fail("invalid", "creditor_unknown", "There are several creditors; name one.", "--creditor");
    // A file that nobody took comes first: its refunds are booked as paid out already.
    const waiting = (await act((one) => refundFiles(one))).filter(
      (file) => file.creditorId === creditorId && file.fetchedAt === null,
    );
    const oldest = waiting.at(-1);
    const file = oldest ? ok(oldest) : await act((one) => createRefundFile(one, creditorId));
    if (!file.ok) return file;
    const { fileId, sumMinor, currency, executionOn } = file.value;
    // Written before the commit that counts it as taken, whole or not at all.
    const written = await act(async (one): Promise<Result<string>> => {
      const content = await refundFileContent(one, fileId);
      if (!content.ok) return content;
      await writeFile(`${target}.part`, content.value);
      await rename(`${target}.part`, target);
      return content;
    });
    if (!written.ok) return written;
    const count = file.value.refunds;
    const more = Math.max(0, waiting.length - 1);
    const sum = formatMinor(sumMinor, currency);
    return ok({
      json: { file: target, fileId, creditorId, refunds: count, sum, currency, executionOn, more },
      text: `${count} refunds, ${sum} ${currency}, to ${target}${more > 0 ? `; ${more} more files wait` : ""}\n`,
    });
  });
}

/** Ids, amounts and states; whose account it is stays in the payment file. */
async function listed(
  act: Parameters<typeof refunds>[0],
  creditorId: Parameters<typeof createRefundFile>[1] | undefined,
): Promise<Output> {
  const list = (await refunds(act, creditorId === undefined ? {} : { creditorId }, ROWS)).map((one) => ({
    refundId: one.refundId,
    customerId: one.customerId,
    creditorId: one.creditorId,
    amount: formatMinor(one.amountMinor, one.currency),
    currency: one.currency,
    state: one.state,
    proposedAt: one.proposedAt.toISOString(),
    fileId: one.fileId,
    paidOn: one.paidOn,
  }));
  const lines = list.map(
    ({ refundId, amount, currency, state, proposedAt }) =>
      `${proposedAt.slice(0, 10)}  ${amount.padStart(12)} ${currency}  ${state.padEnd(11)}  ${refundId}`,
  );
  return { json: list, text: lines.length > 0 ? `${lines.join("\n")}\n` : "No refunds.\n" };
}
