export * from "./act.ts";
export * from "./model.ts";
