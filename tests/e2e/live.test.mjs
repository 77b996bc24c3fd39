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

const shop = 'resource db { open { } close { } }\nquery db "create table users (id integer primary key, name text, weight real); insert into users (name, weight) values (\'Ada\', 61.5), (\'Grace\', null)"\n';

test("a query is answered by a real database that lasts for the run", async () => {
  const text = `${shop}with db as session {
  log query_of("select name from users order by name desc")
  log query_of("select * from users where id = {1 + 1}")
  log query_of("select count(*), 9223372036854775807, 'ü' from users")
  log query_of("update users set weight = 60.0 where id = 2 returning weight")
  log query_of("select 1 where false")
}
fn query_of(sql) { return query db sql }
`;
  const page = await live(text);
  await shows(page, "ok");
  assert.deepEqual(await logged(page), ['["Grace","Ada"]', '[[2,"Grace",null]]', '[[2,9223372036854775807,"ü"]]', "[60.0]", "[]"]);
  assert.ok(page.requests.includes("/sqlite3.wasm"));
  // Another run begins with an empty database.
  await page.locator("[data-run]").first().click();
  await shows(page, "running");
  await shows(page, "ok");
  assert.equal((await logged(page)).length, 5);
  page.assertClean();
  await page.close();
});

test("what the database refuses is an error of the scenario at its place", async () => {
  const text = `${shop}try { query db "select * from people" } catch QueryError as e { log "{e.message}" }
try { query db "select x'00'" } catch QueryError as e { log "{e.message}" }
try { query db "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n" } catch QueryError as e { log "{e.message}" }
query db "insert into users (id) values (1)"
`;
  const page = await live(text);
  await shows(page, "failed");
  assert.deepEqual(await logged(page), [
    "no such table: people",
    "the column x'00' holds a blob: select hex(x'00'), or cast it to text",
    "there are too many rows: add a limit",
  ]);
  await page.locator('[data-tab="Errors"]').click();
  assert.match(await page.locator("[data-errors]").innerText(), /QueryError.*UNIQUE constraint failed: users\.id/s);
  page.assertClean();
  await page.close();
});

test("a query that is cancelled stops, and the database goes on from what was committed", async () => {
  const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
  const text = `${shop}query db "begin; delete from users"
timeout 200ms { query db "${endless}" } else { log "stopped" }
log query_of("select count(*) from users")
scope s {
  task slow { query db "${endless}" }
  task behind { timeout 100ms { query db "delete from users" } else { cancel_all() } }
}
catch Enough { log "enough" }
log query_of("select count(*) from users")
fn query_of(sql) { return query db sql }
fn cancel_all() { fail Enough }
`;
  const page = await live(text);
  await shows(page, "ok");
  assert.deepEqual(await logged(page), ["stopped", "[2]", "enough", "[2]"]);
  page.assertClean();
  await page.close();
});

test("the database is fetched by the first query and not before", async () => {
  const page = await live('resource db { open { } close { } }\nlog "ready"\nsleep 50ms\n');
  await shows(page, "ok");
  assert.ok(!page.requests.some((path) => /database|sqlite/.test(path)), page.requests.join(" "));
  await page.close();
});
