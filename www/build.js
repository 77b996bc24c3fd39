// Run by Trunk before each build: bundles the editor into one module that the page loads when it needs it.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installPackages } from "./packages.js";

installPackages();
const { build } = await import("esbuild");

const release = process.env.TRUNK_PROFILE === "release";
// Without Trunk the bundle goes where Trunk would have put it in the end.
const out = process.env.TRUNK_STAGING_DIR ?? fileURLToPath(new URL("../dist", import.meta.url));
mkdirSync(out, { recursive: true });
await build({
  entryPoints: [fileURLToPath(new URL("editor/main.js", import.meta.url))],
  outfile: `${out}/editor.js`,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: release,
  legalComments: "none",
  logLevel: "warning",
});
