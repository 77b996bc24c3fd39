// Run by Trunk before each build: bundles what the page loads only when it needs it, the editor and the database.
import { copyFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installPackages } from "./packages.js";

installPackages();
const { build } = await import("esbuild");

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const release = process.env.TRUNK_PROFILE === "release";
// Without Trunk the bundles go where Trunk would have put them in the end.
const out = process.env.TRUNK_STAGING_DIR ?? file("../dist");
mkdirSync(out, { recursive: true });
await build({
  entryPoints: { editor: file("editor/main.js"), database: file("database/worker.js") },
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: release,
  legalComments: "none",
  logLevel: "warning",
});
// The bundle looks for it beside itself.
copyFileSync(file("node_modules/@sqlite.org/sqlite-wasm/dist/sqlite3.wasm"), `${out}/sqlite3.wasm`);
