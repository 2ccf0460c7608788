/** Orders: what was ordered, shipped, delivered, sent back, called off. */
export * from "./model.ts";
export { ordersOf, withOrders } from "./reading.ts";
export { attachWaiting, takeOrderEvents } from "./store.ts";
