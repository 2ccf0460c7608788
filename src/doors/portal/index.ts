/** The page behind the link in every message: what is owed and why, ways to pay, to answer and to object. */
export {
  askForCall,
  claimPaid,
  giveEmail,
  type PortalCase,
  raiseDispute,
  withdrawEmail,
} from "./acts.ts";
export { type PortalDeps, portalRoutes } from "./routes.tsx";
