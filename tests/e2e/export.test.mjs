// A scenario taken home: the sheet with it as a program and as a chart, by pointer and by keyboard.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { until, useSite } from "./harness.mjs";
import { atEnd, shows } from "./scenario.mjs";

const site = useSite();
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the command line makes of the first scenario of the gallery. */
function fromCommandLine(target) {
  const file = "www/gallery/01-order-dashboard.scope";
  const words = ["run", "--quiet", "--", "export", "--to", target, file];
  return execFileSync("cargo", words, { cwd: root, encoding: "utf8" });
}

const shown = (page) => page.locator(".export-text pre").textContent();
const tab = (page, target) => page.locator(`[role="tab"][data-export="${target}"]`);
/** Waits for what the exporter writes: a debug build of it is some megabytes. */
const written = (page) => page.locator(".export-text pre").waitFor({ timeout: 30_000 });

test("the page takes a scenario home as the command line does", async () => {
  const page = await site.openPage();
  await shows(page, "ok");
  const late = () => page.requests.filter((path) => path.includes("exporter"));
  assert.deepEqual(late(), [], "the exporter is no part of the first load");
  await page.getByRole("button", { name: "Export" }).click();
  await written(page);
  assert.equal(await shown(page), fromCommandLine("python"));
  await page.shot("export-python");

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "order-dashboard.py");
  assert.equal(readFileSync(await download.path(), "utf8"), await shown(page));

  await tab(page, "rust").click();
  assert.equal(await shown(page), fromCommandLine("rust"));
  await page.shot("export-rust");

  await tab(page, "mermaid").click();
  assert.equal(await shown(page), fromCommandLine("mermaid"));
  await page.shot("export-mermaid");
  page.assertClean();
  await page.close();
});

test("the sheet is opened, read and closed by keys alone", async () => {
  const page = await site.openPage();
  await shows(page, "ok");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.keyboard.press("Alt+x");
  await written(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  await until("the focus on the open tab", async () => (await focused()) === "Python");
  await page.keyboard.press("End");
  await until("the chart", async () => /\ngantt\n/.test(await shown(page)));
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.className), "export-text");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Copy");
  await page.keyboard.press("Enter");
  await until("the clipboard", async () => {
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    return copied === (await shown(page));
  });
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".export-text").count(), 0);
  page.assertClean();
  await page.close();
});

test("a text with errors says why it stays here, and the sheet fits a narrow dark page", async () => {
  const page = await site.openPage({ width: 390, height: 780, dark: true, touch: true });
  await shows(page, "ok");
  await page.getByRole("button", { name: "Export" }).tap();
  await written(page);
  await page.shot("export-narrow-dark");
  const box = await page.locator(".sheet").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 780, JSON.stringify(box));
  await page.getByRole("button", { name: "Close" }).tap();
  await page.getByRole("tab", { name: "Code" }).tap();
  await atEnd(page);
  await page.keyboard.insertText("\nsleep\n");
  await page.locator('[data-outcome="broken"]').waitFor();
  await page.getByRole("button", { name: "Export" }).tap();
  assert.match(await page.locator(".export-text [role=alert]").innerText(), /has errors/);
  assert.equal(await page.getByRole("link", { name: "Download" }).count(), 0);
  page.assertClean();
  await page.close();
});
