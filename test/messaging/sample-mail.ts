/** Mails of made-up shops, for tests. */
import { brandColours } from "../../src/outreach/messaging/rendering/brand-colours.ts";
import { composeMail, type Mail } from "../../src/outreach/messaging/rendering/mail.ts";
import { compileMailLayout } from "../../src/outreach/messaging/rendering/mail-layout.ts";
import {
  builtInTexts,
  type Language,
  type MessageValues,
  renderText,
} from "../../src/outreach/messaging/templates/index.ts";
import { packageRoot } from "../../src/platform/config/index.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";
import { valuesWith } from "./sample-letter.ts";

export async function sampleMail(
  language: Language,
  key: string,
  {
    colour = "#3f6b2a",
    name = "Moosgarten",
    values = valuesWith(language, 2),
  }: { colour?: string; name?: string; values?: MessageValues } = {},
): Promise<Mail> {
  const catalogue = builtInTexts(packageRoot, language);
  const layout = expectOk(await compileMailLayout({ name, colours: expectOk(brandColours(colour)) }, language));
  return composeMail(catalogue, layout, expectOk(renderText(catalogue, key, values)), values);
}
