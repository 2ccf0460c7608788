/** The formula's check numbers (CONTRACT, Benchmarks), and what each run has to do by it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  customersOf,
  expectedWork,
  floorParts,
  itemOf,
  numberOf,
  readStatus,
  sumBelow,
} from "../../src/doors/bench/index.ts";

const N = 50_000;

test("the portfolio of 50,000 items is the one that others were measured on", () => {
  expect(customersOf(N)).toBe(16_667);
  expect(itemOf(1, N)).toEqual({ customer: 13_924, overdueDays: 76, cents: 23_451 });
  expect(numberOf(1)).toBe("RE-0000001");
  let cents = 0;
  for (let i = 1; i <= N; i += 1) cents += itemOf(i, N).cents;
  expect(cents).toBe(1_263_284_025);
});

test("items that rise, and one message a customer with a rise", () => {
  const work = expectedWork(N);
  expect(work.first.risen).toBe(47_288);
  expect(work.daily.risen).toBe(1_600);
  const owing = new Set(Array.from({ length: N }, (_, k) => itemOf(k + 1, N).customer)).size;
  for (const phase of ["first", "second", "daily"] as const) {
    expect(work[phase].decisions).toBe(owing);
    expect(work[phase].messages).toBeLessThanOrEqual(Math.min(owing, work[phase].risen));
    expect(work[phase].messages).toBeGreaterThan(0);
  }
});

test("the floor's file falls into its statements, none of them a comment", () => {
  const { tables, step } = floorParts(
    readFileSync(new URL("../../src/doors/bench/floor.sql", import.meta.url), "utf8"),
  );
  expect(tables.map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual([
    "create unlogged table",
    "create table floor_item",
    "create table floor_step",
    "insert into floor_item",
    "analyze floor_item",
  ]);
  expect(step).toMatch(/^with due as/);
  expect(step).toContain(":day");
  expect(step).not.toContain(";");
});

test("memory: own processes count with their peaks, PostgreSQL and what it starts do not", () => {
  const status = (pid: number, parent: number, name: string, kib: number) =>
    readStatus(`Name:\t${name}\nPid:\t${pid}\nPPid:\t${parent}\nVmHWM:\t   ${kib} kB\nVmRSS:\t 1 kB\n`);
  const all = [
    status(10, 1, "node", 1000),
    status(11, 10, "node", 200),
    status(12, 11, "node", 30),
    status(13, 10, "postgres", 5000),
    status(14, 13, "postgres", 5000),
    status(15, 1, "other", 7000),
  ].filter((one) => one !== undefined);
  expect(all).toHaveLength(6);
  expect(sumBelow(all, 10)).toBe(230);
  expect(readStatus("Name:\tkthreadd\nPid:\t2\nPPid:\t0\n")).toBeUndefined();
});
