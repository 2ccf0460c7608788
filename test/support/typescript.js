// For processes that tests start: `node --import test/support/typescript.js file.ts` runs our sources on Node 20.
import { register } from "node:module";

register("./typescript_hooks.js", import.meta.url);
