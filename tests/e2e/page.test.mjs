// The page as a reader uses it: gallery, editor, timeline, panels, links, themes, keys.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { until, useSite } from "./harness.mjs";
import { atEnd, drawn, link, logged, outcome, shows, story } from "./scenario.mjs";

const site = useSite();

/** A test with a page of its own, whose console stays clean. */
function onPage(name, options, body) {
  test(name, async () => {
    const page = await site.openPage(options);
    await page.locator("[data-outcome]").waitFor();
    await body(page);
    page.assertClean();
    await page.close();
  });
}

const lane = async (page, row, x = 300) => {
  const stage = await page.locator(".stage").boundingBox();
  return [stage.x + x, stage.y + 28 + row * 24 + 12];
};

onPage("the first scenario is there, has run, and is drawn", {}, async (page) => {
  await shows(page, "ok");
  assert.equal(await page.locator("[data-elapsed]").innerText(), "0.25 s");
  assert.deepEqual(await logged(page), ["lost: ValueError: prefs are corrupt"]);
  const sentences = (await story(page)).join("\n");
  assert.match(sentences, /prefs raised ValueError/);
  assert.match(sentences, /user was cancelled because prefs failed/);
  assert.match(sentences, /orders was cancelled because prefs failed/);
  assert.ok((await drawn(page)) > 5, "lanes, bars and marks have colours");
  await page.shot("first");
});

onPage("the browser's run is the native run, byte for byte", {}, async (page) => {
  await shows(page, "ok");
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => void (window.copied = text);
  });
  await page.keyboard.press("Alt+j");
  const here = await until("the copy", () => page.evaluate(() => window.copied));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const command = ["run", "--quiet", "--", "run", "www/gallery/01-order-dashboard.scope", "--format", "jsonl"];
  const native = execFileSync("cargo", command, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  assert.equal(here, native);
});

onPage("a problem's code leads to its explanation", {}, async (page) => {
  await atEnd(page);
  await page.keyboard.type("\nwork 400ms");
  await page.locator(".problem .where button", { hasText: "W03" }).click();
  const sheet = page.locator(".explanation");
  await sheet.locator("pre").first().waitFor();
  assert.match(await page.locator(".sheet-head").innerText(), /^W03: work that blocks the event loop/);
  assert.ok(page.requests.some((path) => path.endsWith("/explain/W03.md")), "fetched when it is asked for");
  await page.keyboard.press("Escape");
  assert.equal(await sheet.count(), 0);
});

onPage("words are completed, explained and laid out", {}, async (page) => {
  await atEnd(page);
  await page.keyboard.type("\nqueue photos\ntake ph");
  const option = page.locator(".cm-tooltip-autocomplete li", { hasText: "photos" });
  await option.waitFor();
  // A list that has just come up ignores a click.
  await until("the word", async () => {
    if (await option.count()) await option.click({ timeout: 1000 });
    return (await page.locator(".cm-content").innerText()).includes("take photos");
  });
  await page.keyboard.type("\nlog   1");
  await page.keyboard.press("Alt+Shift+F");
  await until("the layout", async () => (await page.locator(".cm-content").innerText()).includes("log 1"));
});

onPage("a broken text keeps the last picture, dimmed, and says where it is broken", {}, async (page) => {
  await atEnd(page);
  await page.keyboard.type("\nscope x {\n  slep 0s\n");
  await shows(page, "broken");
  assert.equal(await page.locator(".timeline").getAttribute("data-stale"), "true");
  assert.match(await page.locator(".problem").first().innerText(), /slep/);
  assert.ok((await drawn(page)) > 5);
  await page.getByText("Fix it").first().click();
  await shows(page, "ok");
  assert.equal(await page.locator(".timeline").getAttribute("data-stale"), "false");
});

onPage("the gallery finds, shows and opens", {}, async (page) => {
  await page.keyboard.press("ControlOrMeta+o");
  await page.locator(".search:focus").waitFor();
  await page.locator(".gallery .card").nth(9).waitFor();
  const cards = await page.locator(".gallery .card").count();
  assert.ok(cards >= 10, `${cards} scenarios`);
  const pictures = await page.locator(".gallery .card img").evaluateAll((all) => all.filter((img) => img.naturalWidth > 0).length);
  assert.equal(pictures, cards, "each with a picture of its run");
  await page.keyboard.type("eight pages");
  await until("the search", async () => (await page.locator(".gallery .card").count()) === 1);
  await page.locator(".gallery .card").click();
  await until("the title", async () => /Eight pages/.test(await page.title()));
  assert.equal(await page.locator("[data-elapsed]").innerText(), "0.6 s");
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+z");
  await until("undo brings the text before it back", async () => /Order dashboard/.test(await page.title()));
});

onPage("hovering and selecting lights up the line, and back", {}, async (page) => {
  await page.locator(".cm-content").waitFor();
  await page.mouse.move(...(await lane(page, 3)));
  await page.locator(".ts-lit").waitFor();
  assert.match(await page.locator(".ts-lit").first().innerText(), /sleep/);
  const tip = await page.locator(".tip").innerText();
  assert.match(tip, /orders was cancelled at 0.25 s because prefs failed/);
  const [box, [, y]] = [await page.locator(".tip").boundingBox(), await lane(page, 3)];
  assert.ok(box.y > y || box.y + box.height < y, "it does not cover what it is about");
  await page.mouse.down();
  await page.mouse.up();
  assert.match(await page.locator("[data-inspector]").innerText(), /main\/dashboard\/orders/);
  assert.equal(await page.locator(".tip.pinned").count(), 1, "a click fixes it");
  await page.keyboard.press("Escape");
  await until("the selection to go", async () => (await page.locator(".tip").count()) <= 1);
});

onPage("keys zoom and move only while the timeline has the focus", {}, async (page) => {
  const address = () => page.evaluate(() => location.hash);
  const stage = await page.locator(".stage").boundingBox();
  await page.locator(".timeline").focus();
  await page.keyboard.press("w");
  await page.keyboard.press("d");
  await page.keyboard.press("ControlOrMeta+s");
  await until("the window in the address", async () => /zoom=\d+-\d+/.test(await address()));
  await page.keyboard.press("0");
  await page.keyboard.press("ControlOrMeta+s");
  await until("the window to be whole", async () => !/zoom=/.test(await address()));
  await page.mouse.move(stage.x + 300, stage.y + 100);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await page.keyboard.press("ControlOrMeta+s");
  await until("the wheel to zoom", async () => /zoom=\d+-\d+/.test(await address()));
  await page.locator(".brand").click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+k");
  await page.locator(".search:focus").waitFor();
  await page.keyboard.press("Escape");
  await until("Escape to close it", async () => (await page.getByRole("dialog").count()) === 0);
  await page.keyboard.press("ControlOrMeta+k");
  await page.locator(".search:focus").waitFor();
  await page.keyboard.type("story");
  await page.keyboard.press("Enter");
  await page.locator("[data-story]").waitFor();
});

onPage("a range is marked on the ruler, a click there sets the playhead", {}, async (page) => {
  const stage = await page.locator(".stage").boundingBox();
  await page.mouse.move(stage.x + 250, stage.y + 14);
  await page.mouse.down();
  await page.mouse.move(stage.x + 400, stage.y + 14, { steps: 4 });
  await page.mouse.up();
  assert.match(await page.locator(".range").innerText(), /\d (ms|s)$/);
  await page.mouse.click(stage.x + 300, stage.y + 14);
  assert.equal(await page.locator(".range").count(), 0);
  await page.keyboard.press("ControlOrMeta+s");
  await until("the playhead in the address", () => page.evaluate(() => /[&]t=\d+/.test(location.hash)));
});

onPage("a link holds text, seed and clock, and an edit rewrites it in place", { path: `/${link('scenario "Linked"\nsleep 10ms..900ms\nlog "x"\n', "&seed=5&mode=live&bad=1")}` }, async (page) => {
  await until("the title", async () => /Linked/.test(await page.title()));
  assert.equal(await page.locator(".bar .seed input").inputValue(), "5");
  assert.equal(await page.getByRole("radio", { name: "Live" }).getAttribute("aria-checked"), "true");
  assert.equal(await page.locator(".bar [data-run]").innerText(), "Run", "a link starts no live run");
  const before = await page.evaluate(() => history.length);
  await atEnd(page);
  await page.keyboard.type('log "y"');
  const hash = await until("the new link", async () => {
    const now = await page.evaluate(() => location.hash);
    return now !== link("") && /^#v1\.d\.[\w-]+&seed=5&mode=live$/.test(now) && now;
  });
  assert.equal(await page.evaluate(() => history.length), before, "no step in the history for each letter");
  const again = await site.openPage({ path: `/${hash}` });
  await until("the same text", async () => /log "y"/.test(await again.locator(".cm-content").innerText()));
  await again.close();
});

onPage("a link that cannot be read says so, and the page works", { path: "/#v1.d.!!!" }, async (page) => {
  assert.match(await page.locator(".toast").innerText(), /damaged/);
  await shows(page, "ok");
});

onPage("text and theme are kept from visit to visit", {}, async (page) => {
  await atEnd(page);
  await page.keyboard.type("\nlog \"kept\"\n");
  await page.keyboard.press("Alt+t");
  await page.keyboard.press("Alt+t");
  await until("the dark theme", () => page.evaluate(() => document.documentElement.dataset.theme === "dark"));
  await until("the storage", () => page.evaluate(() => localStorage.getItem("taskscope.v1.text")?.includes("kept")));
  await page.evaluate(() => history.replaceState(null, "", "/"));
  await page.reload();
  await until("the text", async () => (await logged(page)).includes("kept"));
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
});

onPage("Tab leaves the editor after Escape", {}, async (page) => {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => !document.activeElement?.closest(".cm-editor")));
});

onPage("the dividers follow the pointer", {}, async (page) => {
  for (const [divider, right, down] of [[".split-x", 100, 0], [".split-y", 0, -100]]) {
    const middle = async () => {
      const box = await page.locator(divider).boundingBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = await middle();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + right, y + down, { steps: 5 });
    await page.mouse.up();
    await until(`${divider} to be there`, async () => {
      const [newX, newY] = await middle();
      return right ? Math.abs(newX - x - right) < 3 : Math.abs(newY - y - down) < 3;
    });
  }
});

onPage("the editor has a frame for a keyboard only", {}, async (page) => {
  const frame = () => page.locator(".cm-editor").evaluate((editor) => getComputedStyle(editor, "::after").borderTopWidth);
  await page.locator(".cm-content").click();
  assert.equal(await page.locator(".cm-editor.cm-focused").count(), 1);
  assert.notEqual(await frame(), "1px", "a click shows where by its cursor");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await page.locator(".cm-editor.cm-focused").waitFor();
  assert.equal(await frame(), "1px");
});

/** Presses each key in turn in a tab list and expects the tab that then has the focus to be open and its only stop. */
async function walk(page, list, steps) {
  for (const [key, name] of steps) {
    await page.keyboard.press(key);
    await until(`${key} to lead to ${name}`, async () => {
      const [open, stops] = [list.locator('[aria-selected="true"]:focus'), list.locator('[tabindex="0"]')];
      return (await open.count()) === 1 && (await stops.count()) === 1 && (await open.innerText()).startsWith(name);
    });
  }
}

onPage("arrow keys move among the tabs", {}, async (page) => {
  const list = page.getByRole("tablist", { name: "About the run" });
  await list.getByRole("tab", { name: "Inspector" }).click();
  await walk(page, list, [["ArrowRight", "Log"], ["ArrowLeft", "Inspector"], ["ArrowLeft", "Story"], ["Home", "Inspector"], ["End", "Story"]]);
  await page.getByRole("tabpanel", { name: "Story" }).locator("[data-story]").waitFor();
});

onPage("arrow keys move among the parts of a narrow page", { width: 360, height: 740 }, async (page) => {
  const list = page.getByRole("tablist", { name: "Parts of the page" });
  await list.getByRole("tab", { name: "Timeline" }).focus();
  await walk(page, list, [["ArrowLeft", "Code"], ["End", "Story"], ["ArrowRight", "Code"], ["ArrowRight", "Timeline"]]);
});

onPage("a narrow page shows one pane at a time", { width: 360, height: 740, touch: true }, async (page) => {
  const visible = (selector) => page.locator(selector).isVisible();
  assert.deepEqual([await visible(".timeline"), await visible(".pane.editor")], [true, false]);
  await page.getByRole("tab", { name: "Code" }).click();
  assert.deepEqual([await visible(".timeline"), await visible(".pane.editor")], [false, true]);
  await page.locator(".narrow-tabs").getByRole("tab", { name: "Story" }).click();
  assert.ok(await visible("[data-story]"));
  assert.ok(await page.locator(".run-bar [data-run]").isVisible());
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 360, "nothing sticks out");
});

onPage("an embed shows the scenario of its link, in the theme it is told, without the gallery", { path: `/embed?theme=dark${link('scenario "Inside"\nsleep 1s\n')}` }, async (page) => {
  assert.match(await page.locator("h1").innerText(), /Inside/);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await page.locator(".pane.editor").count(), 0, "the code comes on demand");
  assert.equal(await page.locator(".gallery").count(), 0);
  assert.ok(!page.requests.includes("/editor.js"), "and is not fetched before");
  await page.getByRole("button", { name: "Show the code" }).click();
  await page.locator(".pane.editor").waitFor();
  await page.evaluate(() => postMessage({ taskscope: 1, theme: "light" }, "*"));
  await until("the light theme", () => page.evaluate(() => document.documentElement.dataset.theme === "light"));
  await page.locator(".bar").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("?");
  assert.equal(await page.getByRole("dialog").count(), 0, "it owns no keys");
  assert.equal(await outcome(page), "ok");
});

test("a plain wheel over an embed scrolls the page around it", async () => {
  const page = await site.openPage();
  await page.setContent(`<body style="height: 3000px; margin: 0"><iframe width="600" height="300" src="${site.server.url}/embed${link("sleep 1s")}"></iframe></body>`);
  const inside = page.frameLocator("iframe");
  await inside.locator("[data-outcome]").waitFor();
  await page.mouse.move(300, 150);
  await page.mouse.wheel(0, 200);
  await until("the page to scroll", () => page.evaluate(() => scrollY > 0));
  await page.close();
});
