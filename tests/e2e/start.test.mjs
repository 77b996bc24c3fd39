// The page starts: the program runs, the console is clean, and the first load is only what it must be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until, useSite } from "./harness.mjs";

const site = useSite();

for (const path of ["/", "/embed"]) {
  for (const dark of [false, true]) {
    test(`${path} starts, ${dark ? "dark" : "light"}`, async () => {
      const page = await site.openPage({ path, dark });
      assert.match(await page.title(), /Taskscope$/);
      assert.notEqual(await page.locator("#app").innerText(), "");
      page.assertClean();
      await page.close();
    });
  }
}

test("a program that cannot start says why", async () => {
  const page = await site.browser.newPage();
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto(site.server.url);
  const text = await page.getByRole("alert").innerText();
  assert.match(text, /could not start/);
  await page.close();
});

test("the server sees a request that the page gives up", async () => {
  const page = await site.openPage();
  await page.evaluate(() => {
    window.giveUp = new AbortController();
    fetch("/api/slow?ms=5000&name=probe", { signal: window.giveUp.signal }).catch(() => {});
  });
  const entry = await until("the request", () => site.server.slow.find(({ name }) => name === "probe"));
  assert.equal(entry.state, "open");
  await page.evaluate(() => window.giveUp.abort());
  await until("the abort", () => entry.state === "aborted");
  await page.close();
});
