/** Room `statistics`: small learners and what tells whether they are right. Typed arrays, no chance, no clock. */
export * from "./calibration.ts";
export * from "./logistic.ts";
