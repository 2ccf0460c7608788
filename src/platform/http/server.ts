import { serve, type ServerType } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Failure, fail, ok, type Result } from "../../pure/kernel/index.ts";
import type { Logger } from "../config/index.ts";

export interface HttpServerOptions {
  readonly fetch: (request: Request, env: unknown) => Response | Promise<Response>;
  /** 0 takes any free port. */
  readonly port: number;
  /** 127.0.0.1 unless a proxy or container needs another. */
  readonly host?: string;
  readonly log: Logger;
}

export interface HttpServer {
  readonly port: number;
  readonly host: string;
  /** Takes no new requests, lets the running ones end for up to `graceMilliseconds` (10,000), then closes. */
  stop(graceMilliseconds?: number): Promise<void>;
}

/** Listens. Failures `port_taken`, `port_refused` (where: host:port). */
export function startHttpServer(
  options: HttpServerOptions,
): Promise<Result<HttpServer, Failure<"port_taken" | "port_refused">>> {
  const host = options.host ?? "127.0.0.1";
  return new Promise((resolve) => {
    const server = serve({ fetch: options.fetch, port: options.port, hostname: host }) as ServerType as Server;
    // Slow senders: headers within 15 s, a whole request within 5 minutes (uploads of tens of MB on a slow line).
    server.headersTimeout = 15_000;
    server.requestTimeout = 300_000;
    server.keepAliveTimeout = 5_000;
    server.once("error", (error: NodeJS.ErrnoException) => {
      const place = `${host}:${options.port}`;
      resolve(
        error.code === "EADDRINUSE"
          ? fail("unavailable", "port_taken", "Another program listens on this port already (KULANZ_PORT).", place)
          : fail("unavailable", "port_refused", `This port can't be used (${error.code ?? "unknown"}).`, place),
      );
    });
    server.once("listening", () => {
      const { port } = server.address() as AddressInfo;
      options.log.info("http_listening", { port });
      resolve(ok({ port, host, stop: (grace = 10_000) => stopServer(server, grace, options.log) }));
    });
  });
}

function stopServer(server: Server, grace: number, log: Logger): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      log.warn("http_stopped_late", {});
      server.closeAllConnections();
    }, grace);
    server.close(() => {
      clearTimeout(late);
      log.info("http_stopped", {});
      resolve();
    });
    server.closeIdleConnections();
  });
}
