/** The page behind the link in every message: what is owed and why, ways to pay, to answer and to object. */
export {
  askForCall,
  callDays,
  claimPaid,
  type PortalCase,
  raiseDispute,
  stateOf,
  withdrawEmail,
} from "./acts.ts";
export { type Knock, knock } from "./door.ts";
export { portalRoutes } from "./routes.ts";
export { portalTasks } from "./session.ts";
export type { PortalDeps } from "./visit.ts";
