export { checkCatalogue, checkText, counselPoints, smsSize } from "./check.ts";
export type { Finding } from "./finding.ts";
export {
  formatAmount,
  formatDate,
  formatDay,
  formatGroups,
  formatRate,
  formatTableDate,
  type Language,
} from "./formats.ts";
export {
  type AllocationValues,
  type ChargeKind,
  type ChargeValues,
  type CreditValues,
  type InstalmentValues,
  type ItemValues,
  type MessageValues,
  PLACEHOLDERS,
  type Placeholder,
  type Rate,
} from "./placeholders.ts";
export { plainText, type RenderedText, type RenderFailure, renderText } from "./render.ts";
export { sampleValues } from "./sample.ts";
export {
  builtInTexts,
  type Catalogue,
  type Channel,
  type Effect,
  type Message,
  type MessageKind,
  readCatalogue,
  readText,
  type Text,
  type Tone,
  versionOf,
  withTexts,
} from "./texts.ts";
export { checkWords } from "./wording.ts";
