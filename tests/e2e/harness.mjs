// What a test of the page needs: one server and one browser for a file of tests, a fresh page for each test.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "./browser.mjs";
import { startServer } from "./server.mjs";

const shots = fileURLToPath(new URL("../../target/e2e", import.meta.url));

/**
 * Starts server and browser before the tests of the calling file and ends them after. Returns
 * `site.server`, as in `server.mjs`, and `site.openPage`.
 */
export function useSite() {
  const site = { server: null, browser: null };
  before(async () => {
    [site.server, site.browser] = await Promise.all([startServer(), launch()]);
  });
  after(async () => {
    await site.browser?.close();
    await site.server?.close();
  });
  site.openPage = (options) => openPage(site, options);
  return site;
}

/**
 * Opens a page of its own context (storage, cache) and waits until the program runs. Close it with `close`.
 *
 * @param {object} [options]
 * @param {string} [options.path] with query and hash; the front page by default
 * @param {number} [options.width]
 * @param {number} [options.height]
 * @param {boolean} [options.dark]
 * @param {boolean} [options.touch] a touch screen, for the narrow page
 * @param {(page: import("playwright-core").Page) => Promise<void>} [options.prepare] runs before anything loads
 * @returns the playwright page with `errors` (console errors, exceptions, failed requests), `requests` (the path of
 *   each request so far), `shot(name)` (writes target/e2e/name.png), `assertClean()` and `close()`
 */
async function openPage(site, options = {}) {
  const { path = "/", width = 1280, height = 800, dark = false, touch = false, prepare } = options;
  const context = await site.browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    hasTouch: touch,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.errors = [];
  page.requests = [];
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("request", (request) => page.requests.push(new URL(request.url()).pathname));
  await prepare?.(page);
  page.shot = (name) => {
    mkdirSync(shots, { recursive: true });
    return page.screenshot({ path: `${shots}/${name}.png` });
  };
  page.assertClean = () => assert.deepEqual(page.errors, [], "the console is clean");
  page.close = () => context.close();
  await page.goto(new URL(path, site.server.url).href);
  await page.locator("#app[data-started]").waitFor({ state: "attached" });
  return page;
}

/** Asks until `question` gives something true, or fails with `what` after `ms`. */
export async function until(what, question, ms = 5_000) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < end, `waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
