/** A watched folder on this machine. */
import { createReadStream } from "node:fs";
import { access, mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FilePlace, type FoundFile, isFileName } from "../port.ts";

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

export async function openFolder(path: string): Promise<FilePlace> {
  await access(path);
  const found = async (name: string): Promise<FoundFile[]> => {
    const stats = await stat(join(path, name)).catch(() => null);
    return stats?.isFile() ? [{ name, size: stats.size, changedAt: stats.mtimeMs }] : [];
  };
  return {
    list: async () => {
      const names = (await readdir(path)).filter(isFileName).sort();
      return (await Promise.all(names.map(found))).flat();
    },
    read: (name) => createReadStream(join(path, name)) as AsyncIterable<Uint8Array>,
    putAway: async (name, into, stamp, reason) => {
      const folder = join(path, into);
      await mkdir(folder, { recursive: true });
      const taken = await access(join(folder, name)).then(
        () => true,
        () => false,
      );
      const target = join(folder, taken ? `${stamp}_${name}` : name);
      await rename(join(path, name), target).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
      if (reason !== undefined) await writeFile(`${target}.txt`, reason);
    },
    close: async () => {},
  };
}
