import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  builtInTexts,
  type Catalogue,
  checkText,
  checkWords,
  formatAmount,
  formatDate,
  formatDay,
  formatGroups,
  formatRate,
  type MessageValues,
  plainText,
  readText,
  renderText,
  sampleValues,
  smsSize,
  withTexts,
} from "../../src/outreach/messaging/templates/index.ts";
import { parseTemplate } from "../../src/outreach/messaging/templates/template.ts";
import { packageRoot } from "../../src/platform/config/index.ts";
import { EUR, type Currency, type PlainDate } from "../../src/pure/kernel/index.ts";

const german = builtInTexts(packageRoot, "de");
const withText = (key: string, source: string): Catalogue => ({
  ...german,
  texts: new Map([...german.texts, [key, readText(key, source)]]),
});
const render = (source: string, values: MessageValues): string => {
  const rendered = renderText(withText("x.email.friendly", `---\n${source}`), "x.email.friendly", values);
  return rendered.ok ? plainText(rendered.value) : `${rendered.error.code} ${rendered.error.where}`;
};
const date = (text: string): PlainDate => text as PlainDate;
const euro = (minor: bigint) => ({ minor, currency: EUR });

describe("formats", () => {
  test.each([
    [formatAmount(euro(120450n), "de"), "1.204,50\u00a0€"],
    [formatAmount(euro(123456789n), "en"), "€1,234,567.89"],
    [formatAmount(euro(-5n), "de"), "−0,05\u00a0€"],
    [formatAmount(euro(-5n), "en"), "−€0.05"],
    [formatAmount({ minor: 4890n, currency: "CHF" as Currency }, "de"), "48,90\u00a0CHF"],
    [formatAmount({ minor: 4890n, currency: "CHF" as Currency }, "en"), "CHF\u00a048.90"],
    [formatAmount({ minor: 4890n, currency: "JPY" as Currency }, "de"), "4.890\u00a0JPY"],
    [formatDate(date("2026-03-01"), "de"), "1.\u00a0März 2026"],
    [formatDate(date("2026-11-30"), "en"), "30\u00a0November 2026"],
    [formatDay(date("2026-03-01"), "de"), "01.03."],
    [formatDay(date("2026-11-30"), "en"), "30 Nov"],
    [formatRate({ digits: 652n, scale: 2 }, "de"), "6,52\u00a0%"],
    [formatRate({ digits: -88n, scale: 2 }, "en"), "−0.88\u00a0%"],
    [formatGroups("DE02120300000000202051"), "DE02 1203 0000 0000 2020 51"],
  ])("%s", (actual, expected) => expect(actual).toBe(expected));

  test("German money reads back to the same number of cents", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (minor) => {
        const text = formatAmount(euro(minor), "de");
        expect(BigInt(text.replace("−", "-").replace(/[.,\u00a0€]/g, ""))).toBe(minor);
      }),
    );
  });
});

describe("the language of the texts", () => {
  const values: MessageValues = {
    recipient: { name: "Erika Muster", isRepresentative: false },
    case: { total: euro(4890n), hasLump: false },
    items: [
      { label: "RE-1", issuedOn: date("2026-10-20"), dueOn: date("2026-11-03"), amount: euro(100n), open: euro(100n) },
      {
        label: "RE-2",
        issuedOn: date("2026-10-21"),
        dueOn: date("2026-11-04"),
        amount: euro(200n),
        paid: euro(0n),
        open: euro(200n),
        subject: "Stuhl",
      },
    ],
  }; // prettier-ignore
  test.each([
    ["value", "Offen: {{case.total}}.", "Offen: 48,90\u00a0€."],
    ["met condition", "{{#if recipient.name}}Hallo {{recipient.name}}{{else}}Hallo{{/if}},", "Hallo Erika Muster,"],
    ["unmet condition, alone on its line", "a\n{{#if case.hasLump}}\nb\n{{/if}}\nc", "a\nc"],
    ["line of nothing but an unmet condition", "a\n{{#if case.hasLump}}b{{/if}}\nc", "a\nc"],
    ["gap that a condition leaves", "Eins. {{#if case.hasLump}}Zwei.{{/if}} Drei.", "Eins. Drei."],
    ["unless", "{{#unless case.hasLump}}nein{{/unless}}", "nein"],
    [
      "list; zero counts as nothing",
      "{{#each items}}\n{{item.label}}{{#if item.paid}} bezahlt{{/if}}{{#if item.subject}} {{item.subject}}{{/if}}\n{{/each}}\nEnde",
      "RE-1\nRE-2 Stuhl\nEnde",
    ],
    ["note", "Satz. {{! C1 }} Noch einer. {{! C2 }}", "Satz. Noch einer."],
    ["two nested on one line", "{{#if recipient.name}}{{#if case.total}}x{{/if}}{{/if}}y", "xy"],
    ["blank lines close up", "a\n\n\n{{#if case.hasLump}}\n\nb\n\n{{/if}}\n\nc", "a\n\nc"],
    ["missing value is named", "Bis {{term.on}}", "variable_missing term.on"],
    ["short day comes from its date", "Bis {{term.shortOn}}", "variable_missing term.shortOn"],
    ["a flag nobody set is missing, not no", "{{#if announce.agency}}x{{/if}}", "variable_missing announce.agency"],
    ["unknown block", "{{> nothing}}", "block_missing nothing"],
  ])("%s", (_, source, expected) => expect(render(source, values)).toBe(expected)); // prettier-ignore

  test("a value is never read as a template, and stays on one line", () => {
    const name = "{{case.total}}\r\n\u2028\u202eBcc: x@y.example\u0000 {{#if a.b}}";
    expect(render("Hallo {{recipient.name}}!", { recipient: { name } })).toBe(
      "Hallo {{case.total}} Bcc: x@y.example {{#if a.b}}!",
    );
  });

  test("charges bring their words, calculation and paragraph", () => {
    const charges = [
      {
        kind: "interest",
        amount: euro(17n),
        base: euro(4890n),
        rate: { digits: 652n, scale: 2 },
        days: 19,
        from: date("2026-11-04"),
        paragraph: "1",
        provisional: true,
      },
      { kind: "lump", amount: euro(4000n), provisional: false },
    ] as const; // prettier-ignore
    const text = render("{{> items}}", { ...values, items: [], credits: [], charges });
    expect(text).toContain("Verzugszinsen: 0,17\u00a0€");
    expect(text).toContain(
      "48,90\u00a0€ × 6,52\u00a0% × 19 Tage seit 4.\u00a0November 2026 (§\u00a0288\u00a0Abs.\u00a01\u00a0BGB); vorläufig berechnet",
    );
    expect(text).toContain("(§\u00a0288\u00a0Abs.\u00a05\u00a0BGB)\nZusammen");
  }); // prettier-ignore

  test("nothing that can be typed makes the reader throw, and what is no template comes out as it went in", () => {
    const piece = fc.constantFrom(
      "{{",
      "}}",
      "{{#if case.hasLump}}",
      "{{/if}}",
      "{{else}}",
      "{{> x}}",
      "{{case.total}}",
      "\n",
      " ",
      "a",
      "{{/each}}",
      "{{#each items}}",
    ); // prettier-ignore
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        parseTemplate(pieces.join(""));
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9,.?]+( [A-Za-z0-9,.?]+)*$/), (text) => {
        expect(render(text, {})).toBe(text);
      }),
    );
  });
});

describe("what stops publishing", () => {
  const mail = (
    body: string,
    subject = "{{matter.label}}: kurz",
    preview = "Eine Nachricht von {{brand.name}}.",
  ): string => `subject: ${subject}\npreview: ${preview}\n---\n${body}\n\n{{> person}}`;
  test.each([
    ["path_unknown", 4, mail("{{case.sum}}")],
    ["optional_unguarded", 5, mail("a\n{{previous.on}}")],
    ["flag_printed", 4, mail("{{announce.any}}")],
    ["outside_list", 4, mail("{{item.label}}")],
    ["not_a_list", 4, mail("{{#each case.total}}x{{/each}}")],
    ["block_unknown", 4, mail("{{> nothing}}")],
    ["tag_unclosed", 4, mail("{{#if term.on}}x")],
    ["tag_unclosed", 5, mail("x\n{{term.on")],
    ["tag_mismatched", 4, mail("x{{/each}}")],
    ["tag_unknown", 4, mail("{{#while x.y}}z")],
    ["tag_unknown", 4, mail("{{constructor.prototype()}}")],
    ["subject_too_long", 1, mail("x", `{{matter.label}}${" sehr lang".repeat(5)}`)],
    ["subject_tells", 1, mail("x", "Ihre Mahnung")],
    ["subject_tells", 1, mail("x", "Noch {{case.total}}")],
    ["subject_important", 1, mail("x", "Wichtig: {{matter.label}}")],
    ["subject_shouts", 1, mail("x", "{{matter.label}}!")],
    ["subject_missing", 1, "Nur ein Text.\n\n{{> person}}"],
    ["preview_length", 1, mail("x", "kurz", "zu kurz")],
    ["preview_tells", 1, mail("x", "kurz", "Ihre Rechnung ist noch offen, bitte ansehen")],
    ["address_literal", 4, mail("Hier: https://boese.example")],
    ["markup", 4, mail('<img src="x">')],
    ["markup", 4, mail("&#60;b")],
    ["capitals", 4, mail("SOFORT zahlen")],
    ["exclamation", 4, mail("Danke!!")],
    ["word_never", 4, mail("Zahlen Sie umgehend.")],
    ["advertising", 4, mail("Dazu ein Gutschein für Sie.")],
    ["advertising", 5, mail("x\nMit unserer Finanzierung geht es leichter.")],
    ["advertising", 4, mail("Jetzt bestellen lohnt sich.")],
    [
      "bureau_without_objection",
      4,
      mail("{{#if announce.bureau}}Ab {{announce.bureauOn}} melden wir an {{bureau.name}}.{{/if}}"),
    ],
    ["word_never", 4, mail("Als Schuldnerin")],
    ["notice_named_twice", 1, mail("Dies ist eine Mahnung. Noch eine Mahnung.")],
    ["sum_first", 1, mail("Offen sind {{case.total}}.")],
    ["too_long", 1, mail("Wort ".repeat(130))],
    ["sentence_too_long", 1, mail(`${"Wort ".repeat(31)}.`)],
    [
      "hard_to_read",
      1,
      mail(
        "Unbeschadet etwaiger Gewährleistungsansprüche verpflichtet die Forderungsangelegenheit zur unmittelbaren Rechnungsbegleichung. ".repeat(
          4,
        ),
      ),
    ],
    ["person_missing", 1, mail("x").replace("\n\n{{> person}}", "")],
    ["body_unknown", 1, "subject: x\nbody: @no.such.text"],
  ])("%s (line %i)", (rule, line, source) => {
    const key = "reminder.email.friendly";
    const findings = checkText(withText(key, source), readText(key, source));
    expect(findings.map((finding) => `${finding.rule}:${finding.line}`)).toContain(`${rule}:${line}`);
  });

  test("a block that includes itself", () => {
    const catalogue = withText("block.later", "{{> later}}");
    const text = german.texts.get("reminder.email.friendly");
    expect(text && checkText(catalogue, text).map((finding) => finding.rule)).toContain("block_loop");
  });

  test("an SMS of one segment", () => {
    expect(smsSize("Preis 5 €")).toEqual({ size: 10, limit: 160 });
    expect(smsSize("Grüße an Łukasz")).toEqual({ size: 15, limit: 70 });
    const source = `{{customer.smsName}}, ${"lang ".repeat(40)}{{link.short}}`;
    const key = "reminder.sms.friendly";
    expect(checkText(withText(key, source), readText(key, source)).map((finding) => finding.rule)).toContain(
      "too_long",
    );
  });
});

describe("words", () => {
  test.each([
    ["de", "Die Gesellschaft haftet nicht; trotzdem danke.", []],
    ["de", "Trotz Mahnung in Haft", ["trotz", "haft"]],
    ["de", "Hauptschuldner, säumige Kunden, Lohnpfändungen", ["hauptschuldner", "säumige", "lohnpfändungen"]],
    ["de", "Die Schuldnerberatung hilft. Eine Schuldner- und Insolvenzberatungsstelle auch.", []],
    ["de", "ein SCHUFA-Eintrag", ["schufa-eintrag"]],
    ["en", "Import failed despite a final demand.", ["failed", "despite", "final demand"]],
    ["en", "the employee of the employers", ["employers"]],
    ["en", "You are in default with invoice 1.", []],
  ] as const)("%s: %s", (language, text, expected) => {
    expect(checkWords(text, language).map((finding) => /"(.+?)"/.exec(finding.message)?.[1])).toEqual(expected);
  });
});

test("a tenant's own text takes the place of the built-in one, and only there", () => {
  const own = withTexts(german, new Map([["block.signature", "Herzlich\n{{contact.name}}"]]));
  const last = (catalogue: Catalogue): string => {
    const rendered = renderText(catalogue, "reminder.email.friendly", sampleValues("de"));
    return rendered.ok ? plainText(rendered.value) : rendered.error.code;
  };
  expect(last(own)).toContain("Herzlich\nMia Beispiel");
  expect(last(german)).toContain("Freundliche Grüße");
});

test("equal input renders to equal output", () => {
  const once = renderText(german, "final_notice.email.firm", sampleValues("de"));
  expect(renderText(german, "final_notice.email.firm", sampleValues("de"))).toEqual(once);
});
