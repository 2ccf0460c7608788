/** Why two files are proposed, in words. */
import type { ReasonCode } from "./model.ts";

const WORDS: Readonly<Record<ReasonCode, readonly [german: string, english: string]>> = {
  name_same: ["gleicher Name", "same name"],
  name_swapped: ["Vor- und Nachname vertauscht", "first name and surname swapped"],
  name_spelling: ["Name anders geschrieben", "name spelled differently"],
  name_typo: ["Name mit Tippfehler", "name with a slip of the keyboard"],
  name_short: ["Vorname gekürzt oder ergänzt", "first name shortened or completed"],
  name_initial: ["Vorname nur als Anfangsbuchstabe", "first name as an initial only"],
  surname_differs: ["anderer Nachname", "another surname"],
  first_name_differs: ["anderer Vorname", "another first name"],
  first_name_close: ["Vorname weicht um einen Buchstaben ab", "first name is one letter apart"],
  first_name_missing: ["Vorname fehlt bei einem von beiden", "first name is missing in one of them"],
  generation_differs: ["Zusatz junior oder senior", "marked junior or senior"],
  company_same: ["gleiche Firma", "same company"],
  company_similar: ["ähnliche Firma", "similar company"],
  company_differs: ["andere Firma", "another company"],
  company_and_person: ["eine Firma und eine Person", "a company and a person"],
  legal_form_differs: ["andere Rechtsform", "another legal form"],
  email_same: ["gleiche E-Mail-Adresse", "same e-mail address"],
  email_similar: ["fast gleiche E-Mail-Adresse", "nearly the same e-mail address"],
  email_differs: ["andere E-Mail-Adresse", "another e-mail address"],
  phone_same: ["gleiche Telefonnummer", "same phone number"],
  phone_differs: ["andere Telefonnummer", "another phone number"],
  account_same: ["gleiches Konto", "same account"],
  account_differs: ["anderes Konto", "another account"],
  address_same: ["gleiche Anschrift", "same address"],
  address_similar: ["fast gleiche Anschrift", "nearly the same address"],
  address_differs: ["andere Anschrift", "another address"],
  place_same: ["gleicher Ort, andere Straße", "same town, another street"],
  shared_by_many: ["teilt etwas, das viele haben", "shares something that many have"],
};

export const reasonInWords = (code: ReasonCode, language: "de" | "en"): string =>
  WORDS[code][language === "de" ? 0 : 1];
