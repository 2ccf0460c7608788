/** A deadlock or serialisation failure is tried again this often. */
const ATTEMPTS = 5;

/** Runs a transaction again when the server chose it to give way. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      // 40P01 deadlock, 40001 serialisation.
      const code = (error as { code?: string }).code;
      if (attempt >= ATTEMPTS || (code !== "40P01" && code !== "40001")) throw error;
    }
  }
}
