import { mkdir, open, rename, stat } from "node:fs/promises";
import path from "node:path";
import type { ChannelAdapter } from "../model.ts";

/**
 * Letters as files for a printer: `<folder>/<day>/<message id>.pdf`. The name is the same on every attempt, the bytes are
 * synced before the rename, and a file that is there already counts as sent: repeating is safe.
 */
export function letterFolder(folder: string): ChannelAdapter {
  return {
    repeatable: true,
    async send({ messageId, rendering, leavesOn }) {
      if (rendering.pdf === undefined) return { kind: "refused", reason: "letter_without_pdf", permanent: true };
      const day = path.join(folder, leavesOn);
      const target = path.join(day, `${messageId}.pdf`);
      try {
        await mkdir(day, { recursive: true });
        if (!(await exists(target))) {
          const temporary = path.join(day, `.${messageId}.pdf.part`);
          const file = await open(temporary, "w", 0o600);
          try {
            await file.writeFile(Buffer.from(rendering.pdf, "base64"));
            await file.sync();
          } finally {
            await file.close();
          }
          await rename(temporary, target);
        }
        return { kind: "left", evidence: "handed_over", reference: `${leavesOn}/${messageId}.pdf` };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
        return { kind: "refused", reason: `letter_folder_${code}`, permanent: false };
      }
    },
  };
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
