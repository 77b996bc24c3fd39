// The editor bundle on its own: what its handle promises, without the application around it.
import assert from "node:assert/strict";
import { beforeEach, afterEach, test } from "node:test";
import { until, useSite } from "./harness.mjs";

const site = useSite();
let page;

beforeEach(async () => {
  page = await site.openPage();
  await page.evaluate(async () => {
    const { create } = await import("/editor.js");
    const box = document.createElement("div");
    box.id = "box";
    box.style.height = "300px";
    document.body.replaceChildren(box);
    window.calls = [];
    window.editor = create(box, {
      doc: "one\ntwo",
      label: "Test",
      onChange: (text) => window.calls.push(["change", text]),
      onCursor: (offset, line) => window.calls.push(["cursor", offset, line]),
      onRun: () => window.calls.push(["run"]),
      onComplete: (text, offset) => ({ from: offset - 2, options: [{ label: "task", type: "keyword", detail: text }] }),
      onHover: (text, offset) =>
        offset < 4 ? { from: 0, to: 3, code: text.slice(0, 3), text: "The `first` word.", waits: "`nothing`" } : null,
      onExplain: (code) => window.calls.push(["explain", code]),
    });
    window.editor.focus();
  });
});
afterEach(async () => {
  page.assertClean();
  await page.close();
});

const text = () => page.evaluate(() => window.editor.text());
const calls = () => page.evaluate(() => window.calls.splice(0));
const call = (name, ...values) => page.evaluate(([name, values]) => window.editor[name](...values), [name, values]);
const focused = () => page.evaluate(() => document.activeElement.className);

test("reports what the user types, and not what the page sets", async () => {
  await page.keyboard.press("End");
  assert.deepEqual(await calls(), [["cursor", 3, 1]]);
  await page.keyboard.type("!");
  assert.deepEqual(await calls(), [["change", "one!\ntwo"], ["cursor", 4, 1]]);
  await call("setDoc", "other");
  await call("select", 1, 3);
  assert.deepEqual(await calls(), []);
});

test("a text that the page sets can be undone", async () => {
  await page.keyboard.type("a");
  await call("setDoc", "loaded example");
  assert.equal(await text(), "loaded example");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await text(), "aone\ntwo");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await text(), "one\ntwo");
});

test("Mod-Enter runs, Tab and Escape leave", async () => {
  await page.keyboard.press("ControlOrMeta+Enter");
  assert.deepEqual(await calls(), [["run"]]);
  assert.match(await focused(), /cm-content/);
  await page.keyboard.press("Escape");
  assert.doesNotMatch(await focused(), /cm-content/);
  await call("focus");
  await page.keyboard.press("Tab");
  assert.equal(await text(), "one\ntwo");
  assert.doesNotMatch(await focused(), /cm-content/);
});

test("draws words, pauses, problems and the lit range", async () => {
  await call("setHighlights", [{ from: 0, to: 3, class: "ts-keyword" }, { from: 7, to: 99, class: "beyond" }]);
  assert.deepEqual(await page.locator(".ts-keyword").allInnerTexts(), ["one"]);
  await page.keyboard.type("x");
  assert.deepEqual(await page.locator(".ts-keyword").allInnerTexts(), ["one"], "moves along with the text");

  await call("setMarks", [{ from: 5, kind: "timer", title: "waits for a timer" }]);
  assert.equal(await page.locator(".ts-pause-timer").getAttribute("title"), "waits for a timer");

  await call("highlightRange", 5, 8);
  assert.deepEqual(await page.locator(".ts-lit").allInnerTexts(), ["two"]);
  await call("highlightRange");
  assert.equal(await page.locator(".ts-lit").count(), 0);

  await call("setDiagnostics", [{ from: 5, to: 900, severity: "error", message: "no such word", hints: ["try `task`"] }]);
  assert.deepEqual(await page.locator(".cm-lintRange-error").allInnerTexts(), ["two"]);
  await page.locator(".cm-lintRange-error").hover();
  assert.equal(await page.locator(".ts-problem").innerText(), "no such word");
  assert.equal(await page.locator(".ts-hint").innerText(), "try `task`");
  await call("setDiagnostics", []);
  assert.equal(await page.locator(".cm-lintRange-error").count(), 0);
});

test("offers what the page proposes", async () => {
  await page.keyboard.type("ta");
  const option = page.locator(".cm-tooltip-autocomplete li");
  await option.waitFor();
  // A list that has just come up ignores a click, lest it was meant for what lay there before.
  await until("the word", async () => {
    if (await option.count()) await option.click({ timeout: 1000 });
    return (await text()) === "taskone\ntwo";
  });
});

test("says what the page says about the word under the pointer", async () => {
  await page.locator(".cm-line").first().hover({ position: { x: 12, y: 8 } });
  await page.locator(".ts-say").waitFor();
  assert.equal(await page.locator(".ts-say-code").innerText(), "one");
  assert.equal(await page.locator(".ts-say-waits").innerText(), "May wait for nothing");
  assert.deepEqual(await page.locator(".ts-say code").allInnerTexts(), ["first", "nothing"]);
});

test("leads from a problem to what its code means", async () => {
  await call("setDiagnostics", [{ from: 0, to: 3, severity: "warning", code: "W03", message: "blocks" }]);
  await page.locator(".cm-lintRange-warning").hover();
  await page.locator(".cm-diagnosticAction").click();
  assert.deepEqual((await calls()).filter(([name]) => name === "explain"), [["explain", "W03"]]);
});

test("a text that is laid out anew leaves the cursor at its word", async () => {
  await call("setDoc", "task a{sleep 1s}");
  await call("select", 12, 12);
  await call("setDoc", "task a {\n  sleep 1s\n}\n");
  await call("focus");
  await page.keyboard.type("|");
  assert.equal(await text(), "task a {\n  sleep| 1s\n}\n");
  await page.keyboard.press("ControlOrMeta+z");
});

test("follows the page's theme and lets go of it", async () => {
  await call("setDark", true);
  await call("reveal", 5);
  await call("destroy");
  assert.equal(await page.locator(".cm-editor").count(), 0);
});
