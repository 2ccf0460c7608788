import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/**
 * The client's network address, for rate limits only. `trustedProxies`: how many proxies of ours stand in front; their
 * entries of `x-forwarded-for` count from the right, because everything further left is what the client itself wrote.
 * IPv6 is cut to its /64: one household has them all. `unknown` where there is no connection (tests without a server).
 */
export function clientAddress(context: Context, trustedProxies: number): string {
  const forwarded = context.req.header("x-forwarded-for")?.split(",").map((part) => part.trim()) ?? []; // biome-ignore format: one step
  const told = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
  return network(told ?? connectedAddress(context));
}

function connectedAddress(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? "unknown";
  } catch {
    return "unknown";
  }
}

function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : Array<string>(Math.max(8 - left.length - right.length, 0)).fill("0");
  return `${[...left, ...zeros, ...right].slice(0, 4).map((part) => part.replace(/^0+(?=.)/, "")).join(":")}::/64`; // biome-ignore format: one step
}
