/** A folder on an SFTP server (SSH file transfer, draft-ietf-secsh-filexfer-02). The server's key is pinned. */
import { createHash, timingSafeEqual } from "node:crypto";
import { posix } from "node:path";
import ssh2, { type Client, type Sftp } from "ssh2";
import { fail, FailureError } from "../../../../pure/kernel/index.ts";
import { type FilePlace, isFileName } from "../port.ts";

export interface SftpTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly path: string;
  /** As `ssh-keygen -l` shows it: `SHA256:…`. */
  readonly hostKey: string;
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
}

const READY_MS = 20_000;

function isPinned(key: Buffer, hostKey: string): boolean {
  const pinned = Buffer.from(hostKey.replace(/^SHA256:/, "").replace(/=+$/, ""));
  const shown = Buffer.from(createHash("sha256").update(key).digest("base64").replace(/=+$/, ""));
  return pinned.length === shown.length && timingSafeEqual(pinned, shown);
}

/** Codes: `host_key_differs`, `login_refused`, `server_unreachable`. The library's own words may quote the login. */
function connect(target: SftpTarget): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    let pinned = true;
    const refuse = (error: Error & { level?: string }): void => {
      const [code, message] = pinned
        ? error.level === "client-authentication"
          ? ["login_refused", "The server did not accept the login."]
          : ["server_unreachable", "The server could not be reached."]
        : ["host_key_differs", "The server's key is another one than the pinned."];
      reject(new FailureError(fail("unavailable", code ?? "", message ?? "").error));
      client.end();
    };
    client.once("ready", () => resolve(client));
    // Also after the connection stands: an error without a listener would end the process.
    client.on("error", refuse);
    client.connect({
      host: target.host,
      port: target.port,
      username: target.user,
      readyTimeout: READY_MS,
      hostVerifier: (key) => {
        pinned = isPinned(key, target.hostKey);
        return pinned;
      },
      ...(target.privateKey === undefined ? {} : { privateKey: target.privateKey }),
      ...(target.passphrase === undefined ? {} : { passphrase: target.passphrase }),
      ...(target.password === undefined ? {} : { password: target.password }),
    });
  });
}

const answer = <T>(call: (done: (error: Error | undefined, value: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error ? reject(error) : resolve(value)));
  });
const done = (call: (end: (error?: Error) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()));
  });

export async function openSftp(target: SftpTarget): Promise<FilePlace> {
  const client = await connect(target);
  const sftp = await answer<Sftp>((end) => client.sftp(end)).catch((error: unknown) => {
    client.end();
    throw error;
  });
  const at = (...parts: readonly string[]): string => posix.join(target.path, ...parts);
  const there = (path: string): Promise<boolean> =>
    answer((end) => sftp.stat(path, end)).then(
      () => true,
      () => false,
    );
  return {
    list: async () => {
      const entries = await answer<Awaited<Parameters<Parameters<Sftp["readdir"]>[1]>[1]>>((end) =>
        sftp.readdir(target.path, end),
      );
      return entries
        .filter(({ filename, attrs }) => isFileName(filename) && attrs.isFile())
        .map(({ filename, attrs }) => ({ name: filename, size: attrs.size, changedAt: attrs.mtime * 1000 }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    read: (name) => sftp.createReadStream(at(name)) as AsyncIterable<Uint8Array>,
    putAway: async (name, into, stamp, reason) => {
      if (!(await there(at(into)))) await done((end) => sftp.mkdir(at(into), end));
      const target = at(into, (await there(at(into, name))) ? `${stamp}_${name}` : name);
      if (await there(at(name))) await done((end) => sftp.rename(at(name), target, end));
      if (reason !== undefined) await done((end) => sftp.writeFile(`${target}.txt`, Buffer.from(reason), end));
    },
    close: async () => {
      client.end();
    },
  };
}
