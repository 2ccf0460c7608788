/**
 * A process of its own that turns letters into PDF: native code that hangs can only be killed from outside, and its
 * memory goes with it. Plain JavaScript, because it is started by path from the package as it lies there.
 * Takes `{ id, template: "letter" | "statement", form: "pdf" | "svg", data, letters, duplex, createdAt }`, answers `{ id, bytes }` or `{ id, problem }`.
 */
import { readFileSync } from "node:fs";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";

const [folder, ...fontPaths] = process.argv.slice(2);
/** Without it 1,500 letters hold 1.9 GB; with it 150 to 230 MB at the same speed. */
const EVICT_EVERY = 20;

const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths }] });
const templates = {
  letter: readFileSync(`${folder}/letter.typ`, "utf8"),
  statement: readFileSync(`${folder}/statement.typ`, "utf8"),
};
let sinceEviction = 0;

process.on("message", (job) => {
  const document = {
    mainFileContent: templates[job.template],
    inputs: { data: job.data, duplex: job.duplex ? "yes" : "no" },
  };
  let answer;
  try {
    const bytes =
      job.form === "svg"
        ? Buffer.from(compiler.plainSvg(document), "utf8")
        : compiler.pdf(document, { pdfStandard: "a-3b", creationTimestamp: job.createdAt });
    answer = { id: job.id, bytes };
  } catch (error) {
    answer = { id: job.id, problem: String(error?.message ?? error) };
  }
  sinceEviction += job.letters;
  if (sinceEviction >= EVICT_EVERY) {
    compiler.evictCache(0);
    sinceEviction = 0;
  }
  process.send(answer);
});
process.on("disconnect", () => process.exit(0));
