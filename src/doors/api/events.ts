/** Server events (`text/event-stream`): `progress` with the resource as JSON, then `done` with the same. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** How often the resource is read, and after how long a silent line gets a comment so that no proxy cuts it. */
const EVERY_MS = 400;
const COMMENT_MS = 15_000;
/** A stream that is followed longer is begun anew by the browser. */
const LONGEST_MS = 30 * 60_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Follows a resource until it is done, gone, or nobody listens any more; tells it whenever it changed. */
export function follow<T>(
  context: Context,
  read: () => Promise<T | undefined>,
  isDone: (value: T) => boolean,
): Response {
  // Buffering proxies would hold events back.
  context.header("x-accel-buffering", "no");
  context.header("cache-control", "no-store");
  return streamSSE(context, async (stream) => {
    let told = "";
    let silent = 0;
    for (let passed = 0; passed < LONGEST_MS && !stream.aborted; passed += EVERY_MS) {
      const value = await read();
      if (value === undefined) return;
      const data = JSON.stringify(value);
      if (isDone(value)) {
        await stream.writeSSE({ event: "progress", data });
        await stream.writeSSE({ event: "done", data });
        return;
      }
      if (data !== told) {
        await stream.writeSSE({ event: "progress", data });
        told = data;
        silent = 0;
      } else if ((silent += EVERY_MS) >= COMMENT_MS) {
        await stream.write(": \n\n");
        silent = 0;
      }
      await pause(EVERY_MS);
    }
  });
}
