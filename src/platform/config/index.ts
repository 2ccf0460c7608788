export * from "./logger.ts";
export * from "./package_root.ts";
export * from "./settings.ts";
