/** Orders: what was ordered, shipped, delivered, sent back, called off. */
export * from "./model.ts";
export { attachWaiting, ordersOf, takeOrderEvents } from "./store.ts";
