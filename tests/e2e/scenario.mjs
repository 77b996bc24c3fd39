// Opens scenarios in the page the way a reader's link does, and reads what the page says of the run.
import { deflateRawSync } from "node:zlib";

/** A share link's hash for a text: made here without the page's own code, so that the format itself is tested. */
export const link = (text, settings = "") =>
  `#v1.d.${deflateRawSync(Buffer.from(text)).toString("base64url")}${settings}`;

/** The outcome that the page shows. */
export const outcome = (page) => page.locator("[data-outcome]").getAttribute("data-outcome");

/** Waits until the page shows this outcome. */
export const shows = (page, wanted, ms = 10_000) =>
  page.locator(`[data-outcome="${wanted}"]`).waitFor({ timeout: ms });

/** The lines of the log, in order. */
export async function logged(page) {
  await page.locator('[data-tab="Log"]').click();
  return page.locator("[data-log] .what").allInnerTexts();
}

/** The run as sentences. */
export async function story(page) {
  await page.locator('[data-tab="Story"]').click();
  return page.locator("[data-story] .what").allInnerTexts();
}

/** Waits for the full editor and puts the cursor at the end of the text. */
export async function atEnd(page) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+End");
}

/** Pixels of the timeline that are not of its background: 0 while nothing is drawn. */
export const drawn = (page) =>
  page.evaluate(() => {
    const canvas = document.querySelector(".stage canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4) colours.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return colours.size;
  });
