/** Pages whose words are texts of the catalogue (why, data) or a message as it left (original), and the help page. */
import type { FC } from "hono/jsx";
import type { Act } from "../../../platform/access/index.ts";
import { packageRoot } from "../../../platform/config/index.ts";
import { daysBetween, dateIn, money, type PlainDate, yearOf } from "../../../pure/kernel/index.ts";
import {
  builtInTexts,
  type Language,
  type MessageValues,
  type PortalLink,
  plainText,
  type RenderedText,
  type Rendering,
  renderText,
  sealedParts,
} from "../../../outreach/messaging/index.ts";
import type { Creditor } from "../../../books/customers/index.ts";
import type { Account } from "../account.ts";
import { CallButton, type Frame, page, telephone } from "./layout.tsx";
import { withWeekday } from "../words/index.ts";

/** What stands in the title before the second factor: the brand and nothing else. */
export function beforeFactor(language: Language, brandName: string): string {
  const rendered = renderText(builtInTexts(packageRoot, language), "portal.before_factor", {
    brand: { name: brandName },
  });
  return rendered.ok ? plainText(rendered.value) : brandName;
}

/** Where the links of a text of ours lead. Rights without a page of their own are used by e-mail to the privacy contact. */
function linksOf(frame: Frame, creditor: Creditor): NonNullable<MessageValues["link"]> {
  const mail = creditor.privacyContact === "" ? (frame.brand?.contact.replyTo ?? "") : creditor.privacyContact;
  const byMail = `mailto:${mail}`;
  return {
    objectPersonalisation: byMail,
    dataCopy: byMail,
    address: byMail,
    humanReview: `${frame.base}/call`,
    dispute: `${frame.base}/wrong`,
    preferences: `${frame.base}/contact`,
  };
}

type Paragraph = RenderedText["parts"][number]["paragraphs"][number];

const Paragraphs: FC<{ frame: Frame; paragraphs: readonly Paragraph[] }> = ({ frame, paragraphs }) => (
  <div class="text">
    {paragraphs.map((lines) => {
      const text = (line: Paragraph[number]) =>
        line.map((run) =>
          run.kind === "url" ? (
            <a href={run.text}>{frame.words.why.links[run.path ?? ""] ?? run.text}</a>
          ) : (
            run.text.replace(/^• ?/, "")
          ),
        );
      const bullets = lines.filter((line) => line[0]?.text.startsWith("•"));
      const others = lines.filter((line) => !line[0]?.text.startsWith("•"));
      return (
        <>
          {others.map((line) => (
            <p>{text(line)}</p>
          ))}
          {bullets.length > 0 && (
            <ul>
              {bullets.map((line) => (
                <li>{text(line)}</li>
              ))}
            </ul>
          )}
        </>
      );
    })}
  </div>
);

function textPage(
  frame: Frame,
  key: string,
  values: MessageValues,
  keep: (paragraph: Paragraph) => boolean = () => true,
): string {
  const rendered = renderText(builtInTexts(packageRoot, frame.language), key, values);
  if (!rendered.ok) throw new Error(`${key}: ${rendered.error.code} ${rendered.error.where ?? ""}`);
  const title = rendered.value.head["headline"] ?? "";
  return page({
    frame,
    title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{title}</h1>
        <Paragraphs frame={frame} paragraphs={rendered.value.parts.flatMap((part) => part.paragraphs).filter(keep)} />
      </>
    ),
  });
}

/** Why we wrote: the newest message of the case, its stage and way; a fixed sequence, no person was scored. */
export function whyPage(frame: Frame, account: Account): string {
  const { words, language } = frame;
  const last = account.asks.at(-1);
  const oldest = account.items[0]?.item.dueOn ?? account.today;
  const leftOn = last?.leftAt ? dateIn(last.leftAt, account.zone) : account.today;
  const stage = words.history.stage[last?.stage ?? "other"] ?? words.history.stage["other"] ?? "";
  const resting = account.holds.find((hold) => hold.endsOn === undefined);
  const until = [account.peaceUntil, ...account.holds.map((hold) => hold.endsOn)]
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);
  return textPage(frame, "why_message.page.friendly", {
    case: { itemCount: account.items.length, total: money(account.totalMinor, account.currency), oldestDueOn: oldest },
    creditor: { name: account.creditor.name },
    why: {
      trigger: last ? words.why.trigger(stage, daysBetween(oldest, leftOn)) : words.why.none,
      channelReason: last?.channel === "letter" ? words.why.letter : words.why.email,
      personalised: false,
      next: resting
        ? words.why.rest
        : until === undefined
          ? words.why.free
          : words.why.wait(withWeekday(until, account.today, language)),
    },
    link: linksOf(frame, account.creditor),
  });
}

/** Three years' end after the newest item: limitation (§§ 195, 199 BGB); eight: vouchers (§ 147 III AO). */
const yearEnd = (day: PlainDate, years: number): PlainDate => `${yearOf(day) + years}-12-31` as PlainDate;

/** Data and rights. Before the second factor (no account) without the part that speaks of this customer. */
export function dataPage(frame: Frame, creditor: Creditor, today: PlainDate, account: Account | undefined): string {
  const { words } = frame;
  const newest =
    account?.items
      .map(({ item }) => item.issuedOn)
      .sort()
      .at(-1) ?? today;
  const { street, postcode, city } = creditor.address;
  const values: MessageValues = {
    creditor: {
      name: creditor.name,
      address: [street, [postcode, city].filter(Boolean).join(" ")].filter(Boolean).join(", ") || creditor.name,
      privacyContact:
        creditor.privacyContact === "" ? (frame.brand?.contact.replyTo ?? creditor.name) : creditor.privacyContact,
      supervisoryAuthority: words.data.authority,
    },
    data: {
      sources: words.data.sources,
      recipients: words.data.recipients,
      contactUntil: yearEnd(newest, 3),
      recordsUntil: yearEnd(newest, 8),
    },
    link: linksOf(frame, creditor),
  };
  const ofCustomer = (paragraph: Paragraph): boolean =>
    paragraph.some((line) => line.some((run) => run.path?.startsWith("data.")));
  return textPage(
    frame,
    "data_page.page.friendly",
    values,
    (paragraph) => account !== undefined || !ofCustomer(paragraph),
  );
}

/** The German text of an English message, as it left. */
export async function originalPage(act: Act, frame: Frame, link: PortalLink): Promise<string> {
  const words = frame.words.original;
  const text = await germanText(act, link);
  return page({
    frame,
    title: words.title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{words.title}</h1>
        <p class="lead">{text === undefined ? words.none : words.lead}</p>
        {text !== undefined && (
          <section lang="de">
            <p class="pre">{text}</p>
          </section>
        )}
      </>
    ),
  });
}

async function germanText(act: Act, link: PortalLink): Promise<string | undefined> {
  if (link.messageId === null) return undefined;
  const { customerId, messageId } = link;
  const sealed = (await sealedParts(act, { customerId, messageId }))?.rendering;
  if (!sealed) return undefined;
  const opened = (await act.vault.forCustomer(act.tx, customerId)).openText("records", "message_rendering", sealed);
  if (!opened.ok) return undefined;
  const rendering = JSON.parse(opened.value) as Rendering;
  // A letter has both languages in its text, an e-mail keeps the original beside.
  return rendering.original ?? (rendering.pdf === undefined ? undefined : rendering.text);
}

/** Who writes, rights, advice, accessibility, imprint: the same for everybody, open before the second factor. */
export function helpPage(frame: Frame, creditor: Creditor): string {
  const words = frame.words.help;
  const { brand, language } = frame;
  const { street, postcode, city } = creditor.address;
  return page({
    frame,
    title: words.title,
    back: true,
    narrow: true,
    children: (
      <>
        <h1 class="head">{words.h1}</h1>
        <section aria-labelledby="rights">
          <h2 id="rights">{words.rights}</h2>
          <p>{words.rightsText}</p>
        </section>
        <section aria-labelledby="advice">
          <h2 id="advice">{words.advice}</h2>
          <p>{words.adviceText}</p>
        </section>
        <section aria-labelledby="access">
          <h2 id="access">{words.access}</h2>
          <p>{words.accessText}</p>
        </section>
        <section aria-labelledby="imprint">
          <h2 id="imprint">{words.imprint}</h2>
          <div class="text">
            <p>
              {creditor.name}
              {street !== undefined && (
                <>
                  <br />
                  {street}
                </>
              )}
              {(postcode ?? city) !== undefined && (
                <>
                  <br />
                  {[postcode, city].filter(Boolean).join(" ")}
                </>
              )}
            </p>
            {brand && (
              <p>
                <a href={`tel:${telephone(brand.contact.phone)}`}>
                  {words.phone(brand.contact.phone, brand.contact.phoneHours[language])}
                </a>
                <br />
                <a href={`mailto:${brand.contact.replyTo}`}>{brand.contact.replyTo}</a>
              </p>
            )}
            {creditor.legalFooter !== "" && <p class="small">{creditor.legalFooter}</p>}
          </div>
        </section>
        <section>
          <CallButton frame={frame} />
        </section>
      </>
    ),
  });
}
