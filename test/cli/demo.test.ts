import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { ended, json, start } from "./program.ts";

test("Ctrl C within the six weeks: exit 0, what was reached as one document, nothing but acknowledgements beside it", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kulanz-demo-"));
  const demo = start(["demo", "--data", path.join(folder, "data"), "--port", "0", "--json"], {
    env: { KULANZ_LETTER_DIR: path.join(folder, "letters") },
  });
  try {
    const ending = ended(demo);
    let acks = 0;
    demo.stderr?.on("data", (text: string) => {
      const before = acks;
      acks += text.split('{"ack"').length - 1;
      if (before < 5 && acks >= 5) demo.kill("SIGINT");
    });
    const answer = await ending;
    expect(answer.code).toBe(0);
    expect(acks).toBeGreaterThanOrEqual(5);
    expect(json(answer)).toMatchObject({
      tenant: expect.any(String),
      files: expect.any(Object),
      creditors: expect.any(Array),
    });
    for (const line of answer.err.trimEnd().split("\n"))
      expect(line).toMatch(/^(\{"ack":\{"kind":.*\}\}|six weeks: \d+ %)$/);
  } finally {
    demo.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
