import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "../../../src/pure/formats/archive/archive.ts";
import { archiveMembers } from "../../../src/pure/formats/archive/members.ts";
import { FailureError } from "../../../src/pure/kernel/index.ts";
import { type ZipFile, zipOf } from "./zip-maker.ts";

/** Name and text of every member, or the code of what was refused. */
async function contents(bytes: Uint8Array, limits?: Partial<ArchiveLimits>): Promise<[string, string][] | string> {
  const members = archiveMembers(bytes, { ...ARCHIVE_LIMITS, ...limits });
  if (!members.ok) return members.error.code;
  const found: [string, string][] = [];
  try {
    for (const { name, read } of members.value) {
      const pieces: Uint8Array[] = [];
      for await (const piece of read()) pieces.push(piece);
      found.push([name, Buffer.concat(pieces).toString("utf8")]);
    }
  } catch (error) {
    if (error instanceof FailureError) return error.failure.code;
    throw error;
  }
  return found;
}

const A: ZipFile = { name: "a.xml", bytes: "<a>äöü</a>" };
const B: ZipFile = { name: "sub/b.csv", bytes: "x;y\n1;2\n", stored: true };

describe("archives", () => {
  test("members in order, packed and stored, folders and Finder's additions left out", async () => {
    const folder = { name: "sub/", bytes: "", stored: true };
    const fork = { name: "__MACOSX/._a.xml", bytes: "x" };
    expect(await contents(zipOf([A, folder, B, fork], "made by hand"))).toEqual([
      ["a.xml", "<a>äöü</a>"],
      ["sub/b.csv", "x;y\n1;2\n"],
    ]);
  });
  test("a member can be read twice", async () => {
    const members = archiveMembers(zipOf([A]));
    if (!members.ok) throw new Error(members.error.code);
    for (let time = 0; time < 2; time += 1) {
      let bytes = 0;
      for await (const piece of members.value[0]?.read() ?? []) bytes += piece.length;
      expect(bytes).toBe(13);
    }
  });
  test("sizes behind the data", async () => {
    expect(await contents(zipOf([{ ...A, streamed: true }, B]))).toHaveLength(2);
  });
  test("gzip", async () => {
    expect(await contents(gzipSync("text"))).toEqual([["", "text"]]);
  });

  const megabyte = Buffer.alloc(1_048_576);
  test.each<[string, Buffer, string, Partial<ArchiveLimits>?]>([
    ["nothing in it", zipOf([]), "archive_empty"],
    ["a name that climbs", zipOf([{ ...A, name: "../a.xml" }]), "archive_member_name_refused"],
    ["a name that climbs inside", zipOf([{ ...A, name: "b/../../a.xml" }]), "archive_member_name_refused"],
    ["an absolute name", zipOf([{ ...A, name: "/etc/a.xml" }]), "archive_member_name_refused"],
    ["a drive", zipOf([{ ...A, name: "C:a.xml" }]), "archive_member_name_refused"],
    ["backslashes", zipOf([{ ...A, name: "..\\a.xml" }]), "archive_member_name_refused"],
    ["a zero in the name", zipOf([{ ...A, name: "a\0.xml" }]), "archive_member_name_refused"],
    ["a link", zipOf([{ ...A, attributes: 0xa1ff0000 }]), "archive_member_name_refused"],
    ["encrypted", zipOf([{ ...A, flags: 1 }]), "archive_encrypted"],
    ["another method", zipOf([{ ...A, method: 12 }]), "archive_method_unknown"],
    ["another name in front of the data", zipOf([{ ...A, localName: "b.xml" }]), "archive_broken"],
    ["another size in front of the data", zipOf([{ ...A, localSize: 4 }]), "archive_broken"],
    ["longer than said", zipOf([{ ...A, size: 5 }]), "archive_broken"],
    ["shorter than said", zipOf([{ ...A, size: 500 }]), "archive_broken"],
    ["a wrong check sum", zipOf([{ ...A, crc: 1 }]), "archive_broken"],
    ["two files in one place", zipOf([A, { ...A, offset: 0 }]), "archive_broken"],
    ["one name twice", zipOf([A, A]), "archive_broken"],
    ["bytes behind the end", Buffer.concat([zipOf([A]), Buffer.from("x")]), "archive_broken"],
    ["bytes before the start", Buffer.concat([Buffer.from("PK\u0003\u0004x"), zipOf([A])]), "archive_broken"],
    ["a ZIP inside", zipOf([{ name: "b.zip", bytes: zipOf([A]) }]), "archive_nested"],
    ["a gzip inside", zipOf([{ name: "b.gz", bytes: gzipSync("x"), stored: true }]), "archive_nested"],
    ["a ZIP in a gzip", gzipSync(zipOf([A])), "archive_nested"],
    ["too many files", zipOf([A, B]), "archive_too_many_members", { membersMax: 1 }],
    ["too much", zipOf([A, B]), "archive_too_large", { unpackedBytesMax: 20 }],
    ["too much in a gzip", gzipSync("text"), "archive_too_large", { unpackedBytesMax: 3 }],
    ["a bomb", zipOf([{ name: "b", bytes: megabyte }]), "archive_ratio_refused", { ratioFromBytes: 1000 }],
    [
      "a bomb that lies about its size",
      zipOf([{ name: "b", bytes: megabyte, size: 100 }]),
      "archive_broken",
      { ratioFromBytes: 1000 },
    ],
    ["a bomb as gzip", gzipSync(megabyte), "archive_ratio_refused", { ratioFromBytes: 1000 }],
    ["a gzip cut off", gzipSync("text ".repeat(50)).subarray(0, 20), "archive_broken"],
    [
      "a gzip with a wrong check sum",
      Buffer.concat([gzipSync("text").subarray(0, -8), Buffer.alloc(8)]),
      "archive_broken",
    ],
  ])("%s is refused", async (_, bytes, code, limits) => {
    expect(await contents(bytes, limits)).toBe(code);
  }); // prettier-ignore

  test("cut anywhere, an archive is refused", async () => {
    const zip = zipOf([A, B, { ...A, name: "c", streamed: true }], "with a comment");
    for (let length = 0; length < zip.length; length += 1)
      expect(typeof (await contents(zip.subarray(0, length))), `${length} bytes`).toBe("string");
  });

  test("damaged anywhere, an archive gives what was packed or is refused", async () => {
    const zip = zipOf([A, B]);
    const good = new Set([A.bytes, B.bytes]);
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const bytes = Buffer.from(zip);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const found = await contents(bytes);
        if (typeof found !== "string") for (const [, text] of found) expect(good).toContain(text);
      }),
      { numRuns: process.env["KULANZ_SOAK"] ? 5_000 : 300, seed: 5 },
    );
  });
});
