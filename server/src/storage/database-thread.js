// @ts-check
// The thread of the database: it alone opens the file and waits for the disk. It knows SQL, and nothing of what it means.
//
// Plain JavaScript, and no imports but Node.js's own: stripping types would take a thread 80 ms and 17 MB more to start.

/** @import { DatabaseSync as Database, StatementSync } from 'node:sqlite' */
/** @import { Batch, BatchResults, ThreadOptions } from './thread-messages.ts' */

import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// https://sqlite.org/rescode.html#busy
const SQLITE_BUSY = 5;
/** How long another process that has the file may take to close it, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;

/** @type {ThreadOptions} */
const { file, migrations, commitGate } = workerData;
/** @type {Map<string, StatementSync>} */
const statements = new Map();

try {
  const database = open();
  parentPort?.on('message', (message) => {
    if (message !== 'close') return parentPort?.postMessage(run(database, message));
    database.close();
    return parentPort?.close();
  });
  parentPort?.postMessage(null);
} catch (error) {
  parentPort?.postMessage(reasonOf(error));
}

/** Makes the file where it is missing, and keeps it to this process. */
function open() {
  const database = new DatabaseSync(file, { timeout: LOCK_TIMEOUT_MS });
  // Written ahead, and flushed to disk at every commit. What undoes a single statement need not outlive the process: kept in
  // memory, a write takes a quarter less time of the processor.
  database.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY',
  );
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) throw new Error('it was written by a newer version of this server');
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
  return database;
}

/**
 * Runs the writes, then the reads, which see them.
 * @param {Database} database
 * @param {Batch} batch
 * @returns {BatchResults}
 */
function run(database, batch) {
  const written = batch.some(([isWrite]) => isWrite) ? write(database, batch) : [];
  return batch.map(([isWrite, sql, values], index) => {
    if (isWrite) return written instanceof Error ? written : (written[index] ?? []);
    try {
      return rowsOf(database, sql, values);
    } catch (error) {
      return toError(error);
    }
  });
}

/**
 * One transaction, because it is the flush to disk that takes long.
 * @param {Database} database
 * @param {Batch} batch
 */
function write(database, batch) {
  try {
    database.exec('BEGIN IMMEDIATE');
    const results = batch.map(([isWrite, sql, values]) => (isWrite ? rowsOf(database, sql, values) : []));
    if (commitGate !== undefined) Atomics.wait(commitGate.closed, 0, 1, commitGate.atMostMs);
    database.exec('COMMIT');
    return results;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return toError(error);
  }
}

/**
 * @param {Database} database
 * @param {Batch[number][1]} sql
 * @param {Batch[number][2]} values
 */
function rowsOf(database, sql, values) {
  let statement = statements.get(sql);
  if (statement === undefined) {
    statement = database.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
  }
  // Arrays already, which the types of Node.js do not say.
  return statement.all(...values).map((row) => Object.values(row));
}

/** @param {unknown} error */
function toError(error) {
  return error instanceof Error ? error : new Error(String(error));
}

/**
 * Why the database cannot be opened, as the end of a sentence.
 * @param {unknown} error
 */
function reasonOf(error) {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY
    ? 'another server is using it, and each needs a folder of its own'
    : toError(error).message;
}
