export * from "./logger.ts";
export * from "./package_root.ts";
