import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "kulanz")
      return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error("package.json of kulanz not found above this file");
    folder = parent;
  }
}

/** Folder of the package: migrations, templates and sample files are read from here, from `src/` as from `dist/`. */
export const packageRoot: string = findPackageRoot();
