export * from "./templates/index.ts";
export * from "./rendering/index.ts";
export * from "./contact/rules.ts";
export { type BounceFailure, markBounced } from "./arrival.ts";
export * from "./brands.ts";
export { contactMoment, type ContactMoments, contactMoments } from "./contact/hours.ts";
export { contactFacts } from "./contact/facts.ts";
export type {
  ChannelAdapter,
  Evidence,
  Message,
  MessageRef,
  MessageState,
  Parcel,
  QueueInput,
  Rendering,
  SendOutcome,
} from "./model.ts";
export { recheckQueued } from "./leaving-check.ts";
export * from "./outbox.ts";
export { contactRules } from "./contact/settings.ts";
export {
  approveMessages,
  decideMessage,
  message,
  type MessageFilter,
  messages,
  queueMessages,
  recallMessages,
  recallRun,
  type SettledAs,
  sealedParts,
} from "./store.ts";
export { messagingFollower } from "./merged.ts";
export * from "./portal-links.ts";
export {
  LETTERS_A_FILE,
  type PrintBatch,
  printBatch,
  printDays,
  printedPart,
  printNewLetters,
  type PrintParts,
} from "./print-batch.ts";
export { letterFolder } from "./channels/letter-folder.ts";
export { localOutbox } from "./channels/local-outbox.ts";
export { smtpChannel } from "./channels/smtp.ts";
export { type ComposerParts, createComposer } from "./composing/composer.ts";
export { outboxTasks } from "./jobs.ts";
export * from "./composing/published-texts.ts";
export { createLetterPrinter, type LetterPrinter } from "./rendering/letter-printer.ts";
export { letterPicture, openMessage, type OpenedMessage, sendTestMessage, type TestMessage } from "./shown.ts";
export { printStatements } from "./statement/paper.ts";
export { tellStatement, type ToldItem, type ToldStatement } from "./statement/told.ts";
