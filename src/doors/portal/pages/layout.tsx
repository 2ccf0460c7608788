/** The frame of every page: head, brand, language, footer, and the few parts that forms share. No style attribute, no inline script. */
import type { Child, FC } from "hono/jsx";
import type { Language, PublishedBrand } from "../../../outreach/messaging/index.ts";
import type { Words } from "../words/index.ts";

export interface Frame {
  readonly language: Language;
  readonly words: Words;
  readonly nonce: string;
  /** Absent where no link is known: the page shows no brand. */
  readonly brand: PublishedBrand | null;
  /** Legal entity and mail of the footer. */
  readonly legal: { readonly name: string; readonly footer: string } | null;
  /** `/p/<secret>`, or `/p`. */
  readonly base: string;
  /** This page, for the language switch. */
  readonly here: string;
  readonly style: string;
  readonly script: string;
  /** Set after the second factor. */
  readonly session: { readonly csrfToken: string; readonly secondsLeft: number } | null;
}

const ICONS = {
  globe: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17M12 3.5c-5 5.5-5 11.5 0 17",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2",
  right: "m9.5 6 6 6-6 6",
  left: "m14.5 6-6 6 6 6",
  down: "m6 9.5 6 6 6-6",
  object: "M4 20V5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5v9a1.5 1.5 0 0 1-1.5 1.5H8zM12 7.5v3M12 13v.01",
  done: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M8.5 12.3l2.4 2.4 4.6-5",
  hold: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M10 9v6M14 9v6",
  alert: "M12 4 2.8 19.5h18.4zM12 10v4M12 16.8v.01",
  lock: "M7 10.5h10a2 2 0 0 1 2 2V18a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2M8 10.5V8a4 4 0 0 1 8 0v2.5",
  phone:
    "M5 4h3.5l1.8 4.5L8 9.9a11 11 0 0 0 6 6l1.5-2.3L20 15.5V19a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4z",
  copy: "M10.5 8.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2M5 15.5a1.5 1.5 0 0 1-.5-1.1V6A1.5 1.5 0 0 1 6 4.5h8.4a1.5 1.5 0 0 1 1.1.5",
  check: "m5 12.5 4.5 4.5L19 7.5",
  shield: "M12 3.5 5 6v6c0 4.2 3 7 7 8.5 4-1.5 7-4.3 7-8.5V6zM9 12l2.2 2.2L15.2 10",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
  letter: "M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h6M9 16h4",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
} as const;
export type IconName = keyof typeof ICONS;

export const Icon: FC<{ name: IconName; small?: boolean; end?: boolean }> = ({ name, small, end }) => (
  <svg class={`i${small ? " s" : ""}${end ? " end" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
    <path d={ICONS[name]} />
  </svg>
);

const HEX = /^#[0-9a-f]{6}$/;

/** The brand's five colours, light and dark, as custom properties; nothing but checked hex values gets in. */
function palette(brand: PublishedBrand): string {
  const { light, dark } = brand.look.colours;
  const properties = (colours: typeof light): string =>
    (["fill", "on", "text", "edge", "soft"] as const)
      .filter((name) => HEX.test(colours[name]))
      .map((name) => `--brand${name === "fill" ? "" : `-${name}`}:${colours[name]}`)
      .join(";");
  return `:root{${properties(light)}}@media(prefers-color-scheme:dark){:root{${properties(dark)}}}`;
}

/** A logo whose colour is too dark for the dark ground stands on a white plate. */
const needsPlate = ({ look }: PublishedBrand): boolean => look.colours.dark.fill !== look.colours.light.fill;

const Logo: FC<{ brand: PublishedBrand; language: Language }> = ({ brand, language }) => (
  <span class="logo">
    {brand.look.logo !== undefined && (
      <img
        class={needsPlate(brand) ? "plate" : ""}
        src={`data:image/svg+xml;base64,${Buffer.from(brand.look.logo).toString("base64")}`}
        alt=""
        width="36"
        height="36"
      />
    )}
    <span>
      {brand.name}
      <small>{(language === "de" ? brand.look.claim : undefined) ?? brand.contact.team[language]}</small>
    </span>
  </span>
);

export interface PageProps {
  readonly frame: Frame;
  readonly title: string;
  /** Shows the way back instead of the language. */
  readonly back?: boolean;
  readonly narrow?: boolean;
  readonly children?: Child;
}

const Page: FC<PageProps> = ({ frame, title, back, narrow, children }) => {
  const { words, brand, language, base, session } = frame;
  const other: Language = language === "de" ? "en" : "de";
  const wrap = narrow ? "wrap narrow" : "wrap";
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <title>{brand && !title.includes(brand.name) ? `${title} · ${brand.name}` : title}</title>
        <link rel="stylesheet" href={frame.style} />
        {brand && <style nonce={frame.nonce} dangerouslySetInnerHTML={{ __html: palette(brand) }} />}
        <script src={frame.script} defer></script>
      </head>
      <body
        data-seconds={session ? String(session.secondsLeft) : undefined}
        data-ends={session ? words.sessionEnds : undefined}
      >
        <a class="skip" href="#main">
          {words.skip}
        </a>
        <header class={`${wrap} top`}>
          {back && (
            <a class="back" href={base}>
              <Icon name="left" small />
              {words.back}
            </a>
          )}
          {brand && <Logo brand={brand} language={language} />}
          {!back && (
            <a class="chip" href={`${frame.here}?language=${other}`} hreflang={other} lang={other}>
              <Icon name="globe" small />
              {words.otherLanguage}
            </a>
          )}
        </header>
        <main class={wrap} id="main">
          {children}
        </main>
        {frame.legal && (
          <footer class={wrap}>
            <div class="foot">
              <nav aria-label={words.footLabel}>
                {session && <a href={`${base}/why`}>{words.foot.why}</a>}
                <a href={`${base}/data`}>{words.foot.data}</a>
                {session && <a href={`${base}/contact`}>{words.foot.contact}</a>}
                <a href={`${base}/help`}>{words.foot.help}</a>
                <a href={`${base}/help#imprint`}>{words.foot.imprint}</a>
              </nav>
              <p class="small">
                {frame.legal.name}
                {brand && ` · ${brand.contact.replyTo}`}
              </p>
            </div>
          </footer>
        )}
        <p class="live" role="status" aria-live="polite"></p>
      </body>
    </html>
  );
};

/** A whole page as text. */
export const page = (props: PageProps): string => `<!doctype html>${String(<Page {...props} />)}`;

/** One field that needs the person: its id in the form and what to do. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** Stands on top after sending; the page's script moves the focus here, without script the anchor does. */
export const ErrorSummary: FC<{ words: Words; errors: readonly FieldError[]; note?: string | undefined }> = ({
  words,
  errors,
  note,
}) =>
  errors.length === 0 && note === undefined ? null : (
    <div class="sumerr" role="alert" tabindex={-1} id="errors">
      {note !== undefined && <p>{note}</p>}
      {errors.length > 0 && (
        <>
          <p>{words.errorSummary(errors.length)}</p>
          <ul>
            {errors.map(({ field, message }) => (
              <li>
                <a href={`#${field}`}>{message}</a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );

export const errorOf = (errors: readonly FieldError[], field: string): string | undefined =>
  errors.find((error) => error.field === field)?.message;

export const FieldMessage: FC<{ id: string; message?: string | undefined }> = ({ id, message }) =>
  message === undefined ? null : (
    <p class="err" id={id}>
      <Icon name="alert" small />
      <span>{message}</span>
    </p>
  );

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string | undefined;
  readonly error?: string | undefined;
  readonly kind?: "text" | "tel" | "email" | "date";
  readonly inputmode?: "numeric" | "decimal" | "tel" | "email" | "text";
  readonly autocomplete?: string;
  readonly rows?: number;
  readonly longest?: number;
  readonly big?: boolean;
  /** Where the page opens, after an answer that did not fit. */
  readonly focus?: boolean;
}

/** Label, hint, field, error: linked by `aria-describedby`. */
export const Field: FC<FieldProps> = (props) => {
  const { name, error } = props;
  const described = [props.hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`]
    .filter(Boolean)
    .join(" ");
  const shared = {
    id: name,
    name,
    class: `in${error === undefined ? "" : " bad"}${props.big ? " big" : ""}`,
    "aria-describedby": described === "" ? undefined : described,
    "aria-invalid": error === undefined ? undefined : "true",
    maxlength: props.longest,
    autofocus: props.focus,
  } as const;
  return (
    <div>
      <label class="f" for={name}>
        {props.label}
      </label>
      {props.hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {props.hint}
        </p>
      )}
      {props.rows === undefined ? (
        <input
          {...shared}
          type={props.kind ?? "text"}
          inputmode={props.inputmode}
          autocomplete={props.autocomplete ?? "off"}
          value={props.value ?? ""}
        />
      ) : (
        <textarea {...shared} rows={props.rows}>
          {props.value ?? ""}
        </textarea>
      )}
      <FieldMessage id={`${name}-error`} message={error} />
    </div>
  );
};

export interface Choice {
  readonly value: string;
  readonly title: Child;
  readonly detail?: string;
  readonly amount?: string;
}

/** Option cards; several may be chosen with `many`. */
export const Choices: FC<{
  name: string;
  legend: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  many?: boolean;
  error?: string | undefined;
}> = ({ name, legend, choices, chosen, many, error }) => (
  <fieldset id={name} tabindex={-1} aria-describedby={error === undefined ? undefined : `${name}-error`}>
    <legend>{legend}</legend>
    <FieldMessage id={`${name}-error`} message={error} />
    {choices.map(({ value, title, detail, amount }) => (
      <label class="opt">
        <input type={many ? "checkbox" : "radio"} name={name} value={value} checked={chosen.includes(value)} />
        {amount !== undefined && <span class="v">{amount}</span>}
        <b>{title}</b>
        {detail !== undefined && <small>{detail}</small>}
      </label>
    ))}
  </fieldset>
);

/** `Rechnung RE-17`: the number moves to the next line as a whole, as long as it fits there. */
export const Numbered: FC<{ text: string; number: string }> = ({ text, number }) => {
  const at = text.indexOf(number);
  return at < 0 ? (
    <>{text}</>
  ) : (
    <>
      {text.slice(0, at)}
      <span class="nb">{number}</span>
      {text.slice(at + number.length)}
    </>
  );
};

/** A calm green note. */
export const Calm: FC<{ icon: IconName; title?: string; children?: Child }> = ({ icon, title, children }) => (
  <p class="calm">
    <Icon name={icon} />
    <span>
      {title !== undefined && <b>{title}</b>} {children}
    </span>
  </p>
);

export const CallButton: FC<{ frame: Frame; quiet?: boolean }> = ({ frame, quiet }) =>
  frame.brand && (
    <a class={`btn ${quiet ? "quiet" : "line"}`} href={`tel:${telephone(frame.brand.contact.phone)}`}>
      <Icon name="phone" small />
      <span>
        {frame.words.call}: <span class="nb">{frame.brand.contact.phone}</span>
      </span>
    </a>
  );

/** RFC 3966: digits, a German number with its country. */
export const telephone = (phone: string): string => {
  const digits = phone.replace(/[^\d+]/g, "");
  return digits.startsWith("0") && !digits.startsWith("00") ? `+49${digits.slice(1)}` : digits;
};

export const Csrf: FC<{ frame: Frame }> = ({ frame }) =>
  frame.session && <input type="hidden" name="csrf" value={frame.session.csrfToken} />;
