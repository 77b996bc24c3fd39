// The database of a live run: SQLite in memory, in a worker that the page starts with the run's first `query`.
//
// The messages are those of src/host/browser/wire.rs: it says {ready: VERSION} once it listens; {keep: bytes} gives
// it a database to begin with; {id, sql} is answered by {id, value: rows} or {id, error}, where something was
// committed with the whole database as `keep`. The page keeps that, because it stops statements by ending the worker:
// the next one goes on from what was committed, as after a crash.
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";

const VERSION = 1;
// Of 4 kB. The database is copied with every commit.
const MOST_PAGES = 2048;
// What a run may keep of one answer; a list of the language holds fewer.
const MOST_CELLS = 100_000;
const MOST_TEXT = 1 << 20;

globalThis.sqlite3ApiConfig = {
  // In memory only: nothing of a scenario outlives its run.
  disable: { vfs: { kvvfs: true, opfs: true, "opfs-sahpool": true, "opfs-wl": true } },
  warn: () => {},
};
const { capi, oo1, wasm } = await sqlite3InitModule();
const db = new oo1.DB(":memory:", "c");
capi.sqlite3_limit(db.pointer, capi.SQLITE_LIMIT_ATTACHED, 0);
let changed = false;

function restore(bytes) {
  const copy = wasm.allocFromTypedArray(bytes);
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  db.checkRc(capi.sqlite3_deserialize(db.pointer, "main", copy, bytes.length, bytes.length, flags));
}

// Integers as BigInt: of numbers one could not say whether they were meant to have a fraction.
function cell(statement, column) {
  const name = () => capi.sqlite3_column_name(statement, column);
  switch (capi.sqlite3_column_type(statement, column)) {
    case capi.SQLITE_NULL:
      return null;
    case capi.SQLITE_INTEGER:
      return BigInt(capi.sqlite3_column_int64(statement, column));
    case capi.SQLITE_FLOAT: {
      const value = capi.sqlite3_column_double(statement, column);
      if (!Number.isFinite(value)) throw new Error(`the column ${name()} holds no finite number`);
      return value;
    }
    case capi.SQLITE_TEXT:
      return capi.sqlite3_column_text(statement, column);
    default:
      throw new Error(`the column ${name()} holds a blob: select hex(${name()}), or cast it to text`);
  }
}

// The rows of one statement that was prepared.
function step(statement) {
  const columns = capi.sqlite3_column_count(statement);
  const rows = [];
  let text = 0;
  for (;;) {
    const code = capi.sqlite3_step(statement);
    if (code === capi.SQLITE_DONE) return columns ? rows : undefined;
    if (code !== capi.SQLITE_ROW) throw new Error(capi.sqlite3_errmsg(db.pointer));
    const row = Array.from({ length: columns }, (_, column) => cell(statement, column));
    for (const value of row) if (typeof value === "string") text += value.length;
    rows.push(row);
    if (rows.length * columns > MOST_CELLS || text > MOST_TEXT) throw new Error("there are too many rows: add a limit");
  }
}

// Every statement of `sql` in turn; the rows are those of the last that gives rows.
function ask(sql) {
  let value = [];
  const scope = wasm.scopedAllocPush();
  try {
    const [head, length] = wasm.scopedAllocCString(sql, true);
    const end = head + length;
    const [tail, made] = [wasm.scopedAllocPtr(), wasm.scopedAllocPtr()];
    for (let at = head; at < end; at = wasm.peekPtr(tail)) {
      if (capi.sqlite3_prepare_v3(db.pointer, at, end - at, 0, made, tail)) throw new Error(capi.sqlite3_errmsg(db.pointer));
      const statement = wasm.peekPtr(made);
      // Spaces or a comment.
      if (!statement) continue;
      changed ||= !capi.sqlite3_stmt_readonly(statement);
      try {
        value = step(statement) ?? value;
      } finally {
        capi.sqlite3_finalize(statement);
      }
    }
  } finally {
    wasm.scopedAllocPop(scope);
  }
  return value;
}

// What there is to keep: nothing while a transaction is open, or where nothing was changed.
function committed() {
  if (!changed || !capi.sqlite3_get_autocommit(db.pointer)) return undefined;
  changed = false;
  return capi.sqlite3_js_db_export(db.pointer);
}

onmessage = ({ data }) => {
  if (data.keep) restore(data.keep);
  if (!data.sql && data.sql !== "") return;
  // Of this connection, so that it does not come back with what was kept.
  db.exec(`pragma max_page_count = ${MOST_PAGES}`);
  const reply = { id: data.id };
  try {
    reply.value = ask(data.sql);
  } catch (error) {
    reply.error = error.message;
  }
  reply.keep = committed();
  postMessage(reply, reply.keep ? [reply.keep.buffer] : []);
};
postMessage({ ready: VERSION });
