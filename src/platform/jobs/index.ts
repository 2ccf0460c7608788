export { CUSTOMER_TOUCHED, type CustomerTouched, enqueue, type NewJob, touch } from "./enqueue.ts";
export { installJobs } from "./install.ts";
export { type Liveness, type LivenessOptions, startLiveness } from "./liveness.ts";
export { type Cron, defineTask, type JobContext, type Task } from "./model.ts";
export { startWorker, type Worker, type WorkerOptions } from "./worker.ts";
