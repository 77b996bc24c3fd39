// Serves the built page to the tests, and answers slowly where a test wants to see a request in flight.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".scope": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Starts a server on a free local port.
 *
 * `GET /api/slow?ms=500&name=a` answers `{"name":"a"}` after that time; `slow` holds an entry for each such request,
 * `{name, state}`, whose state is "open", then "answered", or "aborted" when the browser hung up before the answer.
 * `GET /api/status?code=503` answers with that status. Another origin may ask, so that a test can be that other origin.
 */
export async function startServer() {
  const slow = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://local");
    response.setHeader("access-control-allow-origin", "*");
    if (url.pathname === "/api/slow") answerSlowly(url, response, slow);
    else if (url.pathname === "/api/status") {
      response.writeHead(Number(url.searchParams.get("code") ?? 200)).end("{}");
    } else sendFile(url, response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, slow, close };
}

function answerSlowly(url, response, slow) {
  const name = url.searchParams.get("name") ?? "";
  const entry = { name, state: "open" };
  slow.push(entry);
  const timer = setTimeout(() => {
    entry.state = "answered";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ name }));
  }, Number(url.searchParams.get("ms") ?? 500));
  response.on("close", () => {
    if (entry.state !== "open") return;
    entry.state = "aborted";
    clearTimeout(timer);
  });
}

// As any server of a single page does it: a path without an ending is a place inside the page.
function sendFile(url, response) {
  const wanted = extname(url.pathname) ? normalize(url.pathname) : "/index.html";
  const path = join(dist, wanted);
  if (!existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end("not found");
    return;
  }
  response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
  createReadStream(path).pipe(response);
}
