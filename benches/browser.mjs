// Runs a benchmark that was built for the browser: cargo calls this with the file and the words of the command line.
// It binds the file to JavaScript, opens it in a headless Chromium, and prints what it says.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "../tests/e2e/browser.mjs";

const [program, ...words] = process.argv.slice(2);
const folder = fileURLToPath(new URL("../target/bench-page", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

function build() {
  rmSync(folder, { recursive: true, force: true });
  const bind = ["--target", "web", "--no-typescript", "--out-dir", folder, "--out-name", "bench", program];
  execFileSync("wasm-bindgen", bind, { stdio: "inherit" });
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Benchmarks</title>");
}

async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://local");
    const path = join(folder, pathname === "/" ? "index.html" : normalize(pathname));
    if (!existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** In the page: starts the program and waits until it says that it is done, or why it is not. */
function start(words) {
  return new Promise((resolve, reject) => {
    const fail = (message) => reject(new Error(message));
    const { print, now } = globalThis;
    globalThis.bench = { words: () => words, print, now, done: resolve, fail };
    addEventListener("error", ({ message }) => fail(message));
    addEventListener("unhandledrejection", ({ reason }) => fail(String(reason)));
    import("/bench.js").then((module) => module.default()).catch((error) => fail(String(error)));
  });
}

/** Seconds for which the page's thread has been running: what others do on the machine does not count. */
async function threadClock(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  return async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value;
  };
}

async function run() {
  build();
  const [server, browser] = await Promise.all([serve(), launch()]);
  try {
    console.log(`Chromium ${browser.version()}\n`);
    const page = await browser.newPage();
    const crashed = new Promise((_, reject) => page.on("crash", () => reject(new Error("the page ran out of memory"))));
    await page.exposeFunction("print", (text) => console.log(text));
    await page.exposeFunction("now", await threadClock(page));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await Promise.race([page.evaluate(start, words), crashed]);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

run().catch((error) => {
  // What follows in the message is the browser's log.
  console.error(error.message.split("\n")[0]);
  process.exitCode = 1;
});
