export * from "./directory.ts";
export * from "./masterkeys.ts";
export {
  type MasterKey,
  type MasterKeys,
  masterKeyFrom,
  masterKeySet,
  normaliseValue,
  type Purpose,
  sameBytes,
  type SealFailure,
  sha256,
  type WrappedKey,
} from "./model.ts";
export * from "./open.ts";
export type { Bytes } from "./stream.ts";
export * from "./vault.ts";
