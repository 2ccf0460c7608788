import { existsSync, readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { receiveUpload } from "../../src/doors/api/multipart.ts";
import { expectOk } from "../../src/pure/kernel/index.ts";

const BOUNDARY = "----grenze";

function requestOf(body: Buffer, size: number): Request {
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= body.length) return controller.close();
      controller.enqueue(new Uint8Array(body.subarray(at, at + size)));
      at += size;
    },
  });
  return new Request("http://kulanz.example/api/v1/imports", {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: stream,
    duplex: "half",
  } as RequestInit);
}

const form = (content: Buffer, creditor: string, name = "a.csv"): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; name="creditor"\r\n\r\n${creditor}\r\n`),
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n`,
    ),
    content,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);

test("a form is read whole, wherever the pieces of the stream are cut", async () => {
  const tricky = fc.constantFrom(
    "\r\n",
    "\r",
    "--",
    BOUNDARY,
    `\r\n--${BOUNDARY.slice(0, 5)}`,
    "\n--",
    "a",
    "\u0000",
    "ü",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(tricky, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), async (pieces, size) => {
      const text = pieces.join("").replaceAll(`\r\n--${BOUNDARY}`, "");
      const content = Buffer.from(text);
      const upload = expectOk(await receiveUpload(requestOf(form(content, "abc"), size)));
      expect(upload.fields.get("creditor")).toBe("abc");
      expect(readFileSync(upload.file.path).equals(content)).toBe(true);
      expect(upload.file.bytes).toBe(content.length);
      expect(statSync(upload.file.path).mode & 0o777).toBe(0o600);
      await upload.discard();
      expect(existsSync(upload.file.path)).toBe(false);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("empty fields and empty files are fields and files", async () => {
  const upload = expectOk(await receiveUpload(requestOf(form(Buffer.alloc(0), ""), 7)));
  expect([upload.fields.get("creditor"), upload.file.bytes]).toEqual(["", 0]);
  await upload.discard();
});

test("the name of a file is a label: it never becomes a path", async () => {
  const upload = expectOk(await receiveUpload(requestOf(form(Buffer.from("x"), "", "../../../etc/passwd"), 9)));
  expect(upload.file.name).toBe("../../../etc/passwd");
  expect(upload.file.path).toMatch(/kulanz-upload-[^/]+\/file$/);
  await upload.discard();
});

test("64 MiB pass through without being held in memory", async () => {
  const piece = Buffer.alloc(1024 * 1024, "x");
  const before = process.memoryUsage().rss;
  let most = 0;
  const parts = [form(Buffer.alloc(0), "", "big.csv")];
  const whole = parts[0] ?? Buffer.alloc(0);
  const cut = whole.lastIndexOf(`\r\n--${BOUNDARY}--`);
  let sent = -1;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      most = Math.max(most, process.memoryUsage().rss);
      if (sent === 0) return controller.enqueue(new Uint8Array(whole.subarray(0, cut)));
      if (sent <= 64) return controller.enqueue(new Uint8Array(piece));
      controller.enqueue(new Uint8Array(whole.subarray(cut)));
      return controller.close();
    },
  });
  const request = new Request("http://kulanz.example/", {
    method: "POST",
    headers: { "content-type": `multipart/form-data; boundary=${BOUNDARY}` },
    body: stream,
    duplex: "half",
  } as RequestInit);
  const upload = expectOk(await receiveUpload(request));
  expect(upload.file.bytes).toBe(64 * 1024 * 1024);
  expect(most - before).toBeLessThan(56 * 1024 * 1024);
  await upload.discard();
});

test.each<[string, string]>([
  ["a part without a name", `--${BOUNDARY}\r\ncontent-disposition: form-data\r\n\r\nx\r\n--${BOUNDARY}--`],
  ["a head that never ends", `--${BOUNDARY}\r\n${"x".repeat(10_000)}`],
  [
    "a field that is a file's size",
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="mapping"\r\n\r\n${"x".repeat(70_000)}\r\n--${BOUNDARY}--`,
  ],
  ["another boundary", "--other\r\n"],
  [
    "two files",
    `${form(Buffer.from("a"), "").toString().replace(`--${BOUNDARY}--\r\n`, "")}--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="b"\r\n\r\nb\r\n--${BOUNDARY}--`,
  ],
])("%s is refused", async (_, body) => {
  const result = await receiveUpload(requestOf(Buffer.from(body), 1000));
  expect(result.ok || result.error.code).toBe("form_malformed");
});
