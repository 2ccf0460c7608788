import { afterAll, beforeAll, expect, test } from "vitest";
import { portalTasks } from "../../src/doors/portal/index.ts";
import { sql } from "../../src/platform/database/index.ts";
import { type OpenCase, openPortal, type Portal } from "./portal.ts";

let portal: Portal;
let open: OpenCase;
beforeAll(async () => {
  portal = await openPortal();
  open = await portal.makeCase("K-1");
});
afterAll(() => portal.kulanz.drop());

const sweep = async (): Promise<void> => {
  const [task] = portalTasks({ platform: portal.platform });
  await task?.run(undefined, { jobId: "1", attempt: 1, workerId: "1", signal: AbortSignal.timeout(10_000) });
};
const counts = () =>
  portal.kulanz.database.owner((tx) =>
    tx.one<{ sessions: number; tokens: number; links: number }>(sql`
      select (select count(*)::integer from portal_session) as sessions,
             (select count(*)::integer from portal_link_token) as tokens,
             (select count(*)::integer from portal_link) as links`),
  );

test("shut doors go after half an hour; a link says for three months that it is over, and its row stays", async () => {
  const before = await counts();
  await portal.client().enter(open.secret);
  await sweep();
  expect(await counts()).toEqual({ ...before, sessions: 1 });
  portal.kulanz.advance({ minutes: 31 });
  await sweep();
  expect(await counts()).toEqual({ ...before, sessions: 0 });
  // Links live for 90 days.
  portal.kulanz.advance({ days: 170 });
  await sweep();
  expect(await counts()).toEqual(before);
  portal.kulanz.advance({ days: 11 });
  await sweep();
  expect(await counts()).toEqual({ ...before, tokens: 0 });
});
