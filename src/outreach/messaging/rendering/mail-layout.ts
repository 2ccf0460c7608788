/**
 * The frame of a brand's e-mails: MJML, compiled once when the brand or a text is published, cut into fragments with
 * slots that `mail.ts` fills when a message leaves. Nothing in it loads from anywhere: no pictures, no fonts, no
 * counting pixel; links are the message's own.
 */
import mjml2html from "mjml";
import { type Failure, fail, ok, type Result } from "../../../pure/kernel/index.ts";
import type { Language } from "../templates/formats.ts";
import type { BrandColours } from "./brand-colours.ts";

/** Fragments of HTML with `@@slot@@` places; plain data, stored with the published version. */
export interface MailLayout {
  readonly start: string;
  readonly paragraph: string;
  readonly table: string;
  readonly button: string;
  readonly transfer: string;
  readonly small: string;
  readonly betweenCardAndFoot: string;
  readonly foot: string;
  readonly end: string;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const LIGHT = {
  canvas: "#f6f4ef",
  surface: "#fffefb",
  sunken: "#eeebe3",
  line: "#dedacf",
  ink: "#1f2421",
  ink2: "#4b524d",
};
const DARK = {
  canvas: "#131614",
  surface: "#1b1f1d",
  sunken: "#0e100f",
  line: "#303733",
  ink: "#eeede6",
  ink2: "#bcc1b9",
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Dark mode by media query; programs without it keep the light colours, which are complete in themselves. */
const style = ({ light, dark }: BrandColours): string => `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  a { color: ${light.text}; text-decoration: underline; text-underline-offset: 2px; }
  .foot a { color: ${LIGHT.ink2}; }
  .nowrap { white-space: nowrap; }
  .copy { -webkit-user-select: all; user-select: all; }
  @media (prefers-color-scheme: dark) {
    body, .canvas, .canvas > table, .canvas > div { background: ${DARK.canvas} !important; background-color: ${DARK.canvas} !important; }
    .card, .card > table, .card > table > tbody > tr > td { background: ${DARK.surface} !important; background-color: ${DARK.surface} !important; border-color: ${DARK.line} !important; }
    .ink div, .ink table, .ink td, .ink th { color: ${DARK.ink} !important; }
    .ink .soft, .foot div { color: ${DARK.ink2} !important; }
    .foot a { color: ${DARK.ink2} !important; }
    .brand div { color: ${dark.text} !important; }
    .ink a { color: ${dark.text} !important; }
    .ink td, .ink th { border-color: ${DARK.line} !important; }
    .ink.well td { background: ${DARK.sunken} !important; }
    .button td { background: ${dark.fill} !important; border-color: ${dark.edge} !important; }
    .button a { background: ${dark.fill} !important; color: ${dark.on} !important; }
  }`;

const marked = (name: keyof MailLayout, inner: string): string =>
  `<mj-raw><!--${name}--></mj-raw>${inner}<mj-raw><!--/${name}--></mj-raw>`;

function source(name: string, { light, dark }: BrandColours, language: Language): string {
  return `<mjml lang="${language}"><mj-head>
  <mj-title>@@subject@@</mj-title>
  <mj-preview>@@preview@@</mj-preview>
  <mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw>
  <mj-attributes>
    <mj-all font-family="${FONT}" />
    <mj-text font-size="16px" line-height="24px" color="${LIGHT.ink}" padding="0 28px 16px" />
    <mj-table font-size="15px" line-height="21px" color="${LIGHT.ink}" padding="4px 28px 20px" />
    <mj-section padding="0" />
  </mj-attributes>
  <mj-style>${style({ light, dark })}</mj-style>
</mj-head>
<mj-body background-color="${LIGHT.canvas}" width="600px" css-class="canvas">
  <mj-section padding="28px 0 16px"><mj-column>
    <mj-text css-class="brand" font-size="20px" line-height="26px" font-weight="600" color="${light.text}" padding="0 38px">${escapeHtml(name)}</mj-text>
  </mj-column></mj-section>
  <mj-wrapper padding="0 10px"><mj-section css-class="card" background-color="${LIGHT.surface}" border="1px solid ${LIGHT.line}" border-radius="18px" padding="28px 0 12px"><mj-column>
    ${marked("paragraph", '<mj-text css-class="ink">@@content@@</mj-text>')}
    ${marked("table", '<mj-table css-class="ink">@@content@@</mj-table>')}
    ${marked("button", `<mj-button css-class="button" href="@@href@@" background-color="${light.fill}" color="${light.on}" border="2px solid ${light.edge}" border-radius="14px" font-size="17px" line-height="22px" font-weight="600" inner-padding="14px 24px" padding="4px 28px 20px" align="left">@@content@@</mj-button>`)}
    ${marked("transfer", `<mj-table css-class="ink well" cellpadding="0" container-background-color="transparent">@@content@@</mj-table>`)}
    ${marked("small", `<mj-text css-class="ink" font-size="14px" line-height="20px" color="${LIGHT.ink2}"><span class="soft">@@content@@</span></mj-text>`)}
  </mj-column></mj-section></mj-wrapper>
  <mj-section padding="20px 0 36px"><mj-column>
    ${marked("foot", `<mj-text css-class="foot" font-size="13px" line-height="26px" color="${LIGHT.ink2}" padding="0 38px 8px">@@content@@</mj-text>`)}
  </mj-column></mj-section>
</mj-body></mjml>`;
}

/**
 * Compiles the frame of one brand in one language. Fails with `layout_invalid` (a bug of the frame, never of the brand).
 */
export async function compileMailLayout(
  brand: { readonly name: string; readonly colours: BrandColours },
  language: Language,
): Promise<Result<MailLayout, Failure<"layout_invalid">>> {
  // Without this the compiler adds web fonts for family names that it knows.
  const compiled = await mjml2html(source(brand.name, brand.colours, language), {
    fonts: {},
    validationLevel: "strict",
    keepComments: true,
  });
  const html = compiled.html;
  const names = ["paragraph", "table", "button", "transfer", "small"] as const;
  const cut = (name: string): { before: number; inner: string; after: number } => {
    const open = html.indexOf(`<!--${name}-->`);
    const close = html.indexOf(`<!--/${name}-->`);
    const from = open + `<!--${name}-->`.length;
    return {
      before: open,
      inner: open < 0 || close < 0 ? "" : html.slice(from, close),
      after: close + `<!--/${name}-->`.length,
    };
  };
  const fragments = Object.fromEntries(names.map((name) => [name, cut(name).inner])) as Record<
    (typeof names)[number],
    string
  >;
  const foot = cut("foot");
  if (foot.inner === "" || Object.values(fragments).some((fragment) => fragment === ""))
    return fail("invalid", "layout_invalid", "The frame of the e-mail lost a part when it was compiled.");
  return ok({
    start: html.slice(0, cut("paragraph").before),
    ...fragments,
    betweenCardAndFoot: html.slice(cut("small").after, foot.before),
    foot: foot.inner,
    end: html.slice(foot.after),
  });
} // prettier-ignore
