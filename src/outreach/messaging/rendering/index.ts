export { type BrandColours, type BrandPalette, type Hex } from "./brand-colours.ts";
export { type LetterBrand, type LetterData, type LetterFrame } from "./letter.ts";
export { createLetterPrinter, type LetterFailure, type LetterPrinter } from "./letter-printer.ts";
export { type Mail } from "./mail.ts";
export { type MailLayout } from "./mail-layout.ts";
