/** Erasing a person (invariant 13): files that were merged are one person's, so they go together. */
import { type CustomerId, type Failure, fail, ok, type Result } from "../../../pure/kernel/index.ts";
import { type Act, appendAudit } from "../../../platform/access/index.ts";
import { type Purpose, removeDirectoryEntries } from "../../../platform/sealed/index.ts";
import { customerFacts, filesOfOne, forgetNames, lockCustomer, survivorOf } from "../../customers/index.ts";
import { forgetAccounts } from "../../matching/index.ts";
import { forgetKeys } from "../store.ts";

/**
 * Destroys the keys of a customer for ever, in whichever of their files the request came: of the file that leads and of
 * all merged into it; each purpose by its own rules (`contact` at once, `records` when they need not be kept any more).
 * With `contact` go all look-ups. A merge can't be taken back any more then (`erased`); one taken back before has left
 * nothing at the other file. Returns the files. Failure `customer_not_found`.
 */
export async function erasePerson(
  act: Act,
  customerId: CustomerId,
  purposes: readonly Purpose[],
): Promise<Result<readonly CustomerId[], Failure>> {
  const known = await customerFacts(act, [customerId]);
  if (known.size === 0) return fail("not_found", "customer_not_found", "There is no such customer.", customerId);
  const files = [...(await filesOfOne(act, await survivorOf(act, customerId)))].sort();
  // One by one and by id, as a merge does: two that meet can't wait for each other.
  for (const id of files) await lockCustomer(act, id);
  await act.vault.destroyCustomerKeys(act.tx, files, purposes);
  if (purposes.includes("contact")) {
    await removeDirectoryEntries(act, { customerIds: files });
    await forgetNames(act, files);
    await forgetKeys(act, files);
    await forgetAccounts(act, files);
  }
  await appendAudit(act, { act: "customer.erased", subject: customerId, details: { files, purposes } });
  return ok(files);
}
