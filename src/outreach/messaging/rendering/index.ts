export { type BrandColours, type BrandPalette, brandColours, type Hex } from "./brand-colours.ts";
export { composeLetter, type LetterBrand, type LetterData, type LetterFrame, logoProblem } from "./letter.ts";
export { createLetterPrinter, type LetterFailure, type LetterPrinter } from "./letter-printer.ts";
export { composeMail, type Mail } from "./mail.ts";
export { compileMailLayout, type MailLayout } from "./mail-layout.ts";
