import type { Language } from "../api/contract.ts";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** The German texts are the model: English has the same keys by type. */
export type Texts = typeof de;

export const textsFor = (language: Language): Texts => (language === "de" ? de : en);
