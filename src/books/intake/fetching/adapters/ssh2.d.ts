/** The part of ssh2 1.x that we use; the package has no types of its own. */
declare module "ssh2" {
  import type { EventEmitter } from "node:events";
  import type { Readable } from "node:stream";
  export interface SftpStats {
    readonly size: number;
    /** Seconds since 1970. */
    readonly mtime: number;
    isFile(): boolean;
  }
  export interface Sftp {
    readdir(
      path: string,
      done: (error: Error | undefined, list: { filename: string; attrs: SftpStats }[]) => void,
    ): void;
    stat(path: string, done: (error: Error | undefined, stats: SftpStats) => void): void;
    rename(from: string, to: string, done: (error?: Error) => void): void;
    mkdir(path: string, done: (error?: Error) => void): void;
    writeFile(path: string, data: Buffer, done: (error?: Error) => void): void;
    createReadStream(path: string): Readable;
  }
  export class Client extends EventEmitter {
    connect(how: {
      host: string;
      port: number;
      username: string;
      privateKey?: string | Buffer;
      passphrase?: string;
      password?: string;
      readyTimeout: number;
      hostVerifier: (key: Buffer) => boolean;
    }): this;
    sftp(done: (error: Error | undefined, sftp: Sftp) => void): void;
    end(): void;
  }
  const ssh2: { Client: typeof Client };
  export default ssh2;
}
