// A scenario in other languages: the programs by hand beside it, and a Python program brought in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until, useSite } from "./harness.mjs";
import { logged, shows } from "./scenario.mjs";

const site = useSite();

test("the programs by hand are fetched when their tab is opened", async () => {
  const page = await site.openPage();
  await shows(page, "ok");
  const late = () => page.requests.filter((path) => /\/gallery\/|importer/.test(path));
  assert.deepEqual(late(), [], "nothing of it is part of the first load");
  await page.locator('[data-language="Python"][role="tab"]').click();
  await page.locator(".by-hand pre").waitFor();
  assert.match(await page.locator(".by-hand pre").innerText(), /async with asyncio\.TaskGroup\(\) as dashboard/);
  assert.equal(await page.locator(".cm-content").isVisible(), false);
  await page.keyboard.press("ArrowLeft");
  await until("the Rust program", async () => /spawn_named\("user"/.test(await page.locator(".by-hand").innerText()));
  await page.shot("by-hand");
  await page.locator('[data-language="Scenario"][role="tab"]').click();
  await until("the editor", () => page.locator(".cm-content").isVisible());
  assert.deepEqual(late(), ["/gallery/01-order-dashboard.py", "/gallery/01-order-dashboard.rs"]);
  page.assertClean();
  await page.close();
});

test("a Python program that is pasted becomes a scenario", async () => {
  const page = await site.openPage();
  await shows(page, "ok");
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  const python = [
    "import asyncio",
    "",
    "async def greet(name, delay):",
    "    await asyncio.sleep(delay)",
    "    print(f'hello {name}')",
    "",
    "async def main():",
    "    async with asyncio.TaskGroup() as tg:",
    "        tg.create_task(greet('Ada', 0.2))",
    "        tg.create_task(greet('Grace', 0.1))",
    "    time.sleep(0.3)",
    "",
    "asyncio.run(main())",
    "",
  ];
  await page.keyboard.insertText(python.join("\n"));
  await page.getByRole("button", { name: "Bring it in" }).click();
  // A debug build of the importer is some megabytes.
  await until("the scenario's run", async () => (await logged(page)).join() === "hello Grace,hello Ada", 20_000);
  const text = await page.locator(".cm-content").innerText();
  assert.match(text, /# line 11: harm: this blocks the event loop/);
  assert.equal(await page.locator("[data-elapsed]").innerText(), "0.5 s");
  await page.shot("brought-in");
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+z");
  await until("undo brings Python back", async () => /async def greet/.test(await page.locator(".cm-content").innerText()));
  page.assertClean();
  await page.close();
});
