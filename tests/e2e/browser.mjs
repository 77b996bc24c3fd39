// Starts the installed Chromium under playwright-core, which brings no browser of its own.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const { chromium } = createRequire(new URL("../../www/package.json", import.meta.url))("playwright-core");

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

function installed() {
  if (process.env.TASKSCOPE_BROWSER) return process.env.TASKSCOPE_BROWSER;
  const folders = process.env.PATH.split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error("no Chromium on the search path; TASKSCOPE_BROWSER may name one");
  return found;
}

/** Launches the browser. As root, in a container and without a network it needs each of these to start quickly. */
export const launch = () =>
  chromium.launch({
    executablePath: installed(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
