// Live runs: real timers, workers and requests, driven by the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until, useSite } from "./harness.mjs";
import { link, logged, shows, story } from "./scenario.mjs";

const site = useSite();

async function live(text, options = {}) {
  const page = await site.openPage({ path: `/${link(text, "&mode=live")}`, ...options });
  await page.locator("[data-run]").first().click();
  return page;
}

test("three sleeping tasks under a timeout end in the order of the virtual run", async () => {
  const text = 'timeout 1s {\n  scope s {\n    task c { sleep 240ms  log "c" }\n    task a { sleep 80ms  log "a" }\n    task b { sleep 160ms  log "b" }\n  }\n}\n';
  const page = await live(text);
  await shows(page, "ok");
  assert.match(await page.locator(".status").innerText(), /live time/);
  const liveOrder = await logged(page);
  await page.getByRole("radio", { name: "Virtual" }).click();
  await until("the virtual run", async () => /virtual time/.test(await page.locator(".status").innerText()));
  assert.deepEqual(liveOrder, await logged(page));
  assert.deepEqual(liveOrder, ["a", "b", "c"]);
  page.assertClean();
  await page.close();
});

test("a live run grows while it goes on, and Stop cancels it with its cleanup", async () => {
  const text = 'scope s {\n  task slow {\n    try { sleep 60s } finally { sleep 50ms  log "cleaned up" }\n  }\n}\n';
  const page = await live(text);
  await shows(page, "running");
  await page.getByRole("button", { name: "Stop" }).first().click();
  await shows(page, "cancelled");
  assert.deepEqual(await logged(page), ["cleaned up"]);
  page.assertClean();
  await page.close();
});

test("a worker under a timeout is terminated while the page keeps painting", async () => {
  const text = 'timeout 200ms {\n  offload primes(10000000)\n} else {\n  log "too slow"\n}\n';
  const page = await site.openPage({ path: `/${link(text, "&mode=live")}` });
  await page.evaluate(() => {
    window.frames_seen = [];
    const tick = (at) => {
      window.frames_seen.push(at);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const closed = new Promise((resolve) => page.on("worker", (worker) => worker.on("close", resolve)));
  await page.locator("[data-run]").first().click();
  await shows(page, "ok");
  await closed;
  assert.deepEqual(await logged(page), ["too slow"]);
  const gap = await page.evaluate(() => Math.max(...window.frames_seen.slice(1).map((at, n) => at - window.frames_seen[n])));
  assert.ok(gap < 150, `the longest time without a frame was ${gap} ms`);
  page.assertClean();
  await page.close();
});

test("a request in flight is aborted at the server when its scope is cancelled", async () => {
  const text = 'timeout 300ms {\n  fetch "/api/slow?ms=20000&name=live" in 20s\n} else {\n  log "given up"\n}\n';
  const page = await live(text);
  const entry = await until("the request", () => site.server.slow.find(({ name }) => name === "live"));
  await until("the abort", () => entry.state === "aborted");
  await shows(page, "ok");
  assert.deepEqual(await logged(page), ["given up"]);
  await page.close();
});

test("other sites are asked only after the reader agreed", async () => {
  const other = await (await import("./server.mjs")).startServer();
  const text = `try {\n  fetch "${other.url}/api/slow?ms=10&name=other" in 10ms\n  log "answered"\n} catch * as e {\n  log "refused"\n}\n`;
  const page = await live(text);
  await page.getByRole("alertdialog").waitFor();
  assert.equal(other.slow.length, 0);
  await page.getByRole("button", { name: "Keep to this site" }).click();
  await until("the refusal", async () => (await logged(page)).includes("refused"));
  assert.equal(other.slow.length, 0);
  await page.close();
  const again = await live(text);
  await again.getByRole("button", { name: "Allow" }).click();
  await until("the answer", async () => (await logged(again)).includes("answered"));
  assert.equal(other.slow.length, 1);
  assert.ok((await story(again)).length > 0);
  await again.close();
  await other.close();
});
