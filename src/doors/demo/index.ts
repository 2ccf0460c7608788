/** The demo: six weeks of the sample files, played with a handed-in clock. */
export { createDemoClock, type DemoClock } from "./clock.ts";
export {
  type DemoAcknowledgement,
  type DemoOptions,
  type DemoProgram,
  demoStart,
  openDemoDay,
  runDemo,
} from "./play.ts";
export { readPlan } from "./plan.ts";
export { type DemoReport, reportText } from "./report.ts";
export { type DemoHouse, type DemoSignIn, demoSignIns, demoTenantId, setUpDemo } from "./set-up.ts";
