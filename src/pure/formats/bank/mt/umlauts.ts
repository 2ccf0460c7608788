/**
 * German letters of DOS (code page 850, 437) that were read as Windows-1252: `M„ller`, `MšLLER`, `Straáe`. MT files say
 * nothing of their encoding; these characters have no other meaning between letters of the same case.
 */
const LETTERS: Readonly<Record<string, string>> = {
  "\u0081": "ü",
  "\u201e": "ä",
  "\u201d": "ö",
  "\u017d": "Ä",
  "\u2122": "Ö",
  "\u0161": "Ü",
  "\u00e1": "ß",
};
const ANY = /[\u0081\u201e\u201d\u017d\u2122\u0161\u00e1]/;
const BETWEEN =
  /\u0081|(?<=\p{L})[\u201e\u201d](?=[\p{L}\u0081])|(?<=\p{Lu})[\u017d\u2122\u0161](?=\p{Lu})|(?<!\p{L})[\u017d\u2122\u0161](?=\p{Lu}{2})|(?<=[Ss]tra|[Gg]r[o\u201d])\u00e1(?=e)/gu;

/** For lines of a file that is not UTF-8. */
export const dosUmlauts = (text: string): string =>
  ANY.test(text) ? text.replace(BETWEEN, (letter) => LETTERS[letter] ?? letter) : text;
