import path from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { themeCss } from "./src/app/theme-css.ts";

const here = path.dirname(fileURLToPath(import.meta.url));

/**
 * The theme's custom properties as a static style sheet. Mantine would write them into a `<style>` element at run time,
 * which a content security policy with `style-src 'self'` refuses; so they are computed here instead.
 */
export function themeStyles(): Plugin {
  const name = "virtual:theme.css";
  return {
    name: "kulanz-theme",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: (id) => (id === `\0${name}` ? themeCss() : null),
  };
}

export default defineConfig({
  root: here,
  base: "/",
  plugins: [react(), themeStyles()],
  build: {
    outDir: path.join(here, "../../dist/console"),
    emptyOutDir: true,
    // a data: address would need font-src and img-src data:
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
});
