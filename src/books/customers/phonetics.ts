/**
 * Kölner Phonetik (Hans Joachim Postel: Die Kölner Phonetik, IBM-Nachrichten 19, 1969): words that sound alike in
 * German have the same code. Digits 0 to 8; repeated digits become one, zeros go but at the beginning.
 */
const VOWELS = "aeijouy";
const CLOSED_BY = "ahkloqrux"; // c before these at the beginning of a word sounds like k
const K_BEFORE = "ahkoqux"; // c before these inside a word, unless after s or z

function codeOf(letter: string, before: string, after: string): string {
  if (VOWELS.includes(letter)) return "0";
  switch (letter) {
    case "b":
      return "1";
    case "p":
      return after === "h" ? "3" : "1";
    case "d":
    case "t":
      return after !== "" && "csz".includes(after) ? "8" : "2";
    case "f":
    case "v":
    case "w":
      return "3";
    case "g":
    case "k":
    case "q":
      return "4";
    case "x":
      return before !== "" && "ckq".includes(before) ? "8" : "48";
    case "l":
      return "5";
    case "m":
    case "n":
      return "6";
    case "r":
      return "7";
    case "s":
    case "z":
      return "8";
    case "c": {
      if (before === "") return after !== "" && CLOSED_BY.includes(after) ? "4" : "8";
      if ("sz".includes(before)) return "8";
      return after !== "" && K_BEFORE.includes(after) ? "4" : "8";
    }
    default:
      return ""; // h and everything that is no letter
  }
}

/** Code of one word; empty when it has no letters. Umlauts count as their vowels, ß as s. */
export function colognePhonetics(word: string): string {
  const letters = [
    ...word
      .toLowerCase()
      .replace(/ß/g, "s")
      .normalize("NFD")
      .replace(/[^a-z]/g, ""),
  ];
  let codes = "";
  letters.forEach((letter, index) => {
    codes += codeOf(letter, letters[index - 1] ?? "", letters[index + 1] ?? "") || (letter === "h" ? "h" : "");
  });
  // An h between two equal sounds doesn't part them; it has no code of its own.
  const merged = codes.replace(/h/g, "").replace(/(\d)\1+/g, "$1");
  return merged.slice(0, 1) + merged.slice(1).replace(/0/g, "");
}
