// Installs the npm packages that package-lock.json fixes, unless they are there already.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
// A copy of the lock that the installed packages came from; equal means nothing to do.
const stamp = `${folder}node_modules/.installed-lock.json`;

export function installPackages() {
  const lock = readFileSync(`${folder}package-lock.json`);
  if (existsSync(stamp) && readFileSync(stamp).equals(lock)) return;
  execFileSync("npm", ["ci", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    // On Windows npm is a script that only a shell starts.
    shell: process.platform === "win32",
  });
  writeFileSync(stamp, lock);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPackages();
