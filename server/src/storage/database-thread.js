// @ts-check
// The thread of the database: it alone opens the file and waits for the disk. It knows SQL, and nothing of what it means.
//
// Plain JavaScript, and no imports but such and Node.js's own: stripping types would take a thread 80 ms and 17 MB more to start.

/** @import { DatabaseSync as Database, StatementSync } from 'node:sqlite' */
/** @import { Batch, BatchResults, Job, Slice, ThreadOptions } from './thread-messages.ts' */

import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { addChainFunctions } from './chain.js';

// https://sqlite.org/rescode.html#busy
const SQLITE_BUSY = 5;
/** How long another process that has the file may take to close it, in milliseconds. */
const LOCK_TIMEOUT_MS = 2_000;

/** @type {ThreadOptions} */
const { file, migrations, commitGate } = workerData;
/** @type {Map<string, StatementSync>} */
const statements = new Map();
/** Nothing that has been read yet. @type {Slice} */
const NOTHING = { rows: [], hasMore: false };

try {
  const database = open();
  const checkFiles = watchFiles();
  parentPort?.on('message', (message) => {
    if (message !== 'close') return parentPort?.postMessage(run(database, message, checkFiles));
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
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; ' +
      'PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON',
  );
  addChainFunctions(database);
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > migrations.length) throw new Error('it was written by a newer version of this server');
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
  return database;
}

/**
 * A check that the files are those that were opened. SQLite would go on writing into deleted ones, and lose what it wrote.
 * @returns {() => void}
 */
function watchFiles() {
  const files = [file, `${file}-wal`].map((path) => ({ path, ...statSync(path) }));
  return () => {
    for (const opened of files) {
      const now = statSync(opened.path, { throwIfNoEntry: false });
      if (now === undefined) throw new Error(`${opened.path} was deleted while this server had it open`);
      if (now.ino !== opened.ino || now.dev !== opened.dev) {
        throw new Error(`${opened.path} was replaced while this server had it open`);
      }
      // SQLite never shortens either while it runs.
      if (now.size < opened.size) throw new Error(`${opened.path} was shortened while this server had it open`);
      opened.size = now.size;
    }
  };
}

/**
 * Runs the writes, then the reads, which see them.
 * @param {Database} database
 * @param {Batch} batch
 * @param {() => void} checkFiles
 * @returns {BatchResults}
 */
function run(database, batch, checkFiles) {
  const written = batch.some(([kind]) => kind === 'write') ? write(database, batch, checkFiles) : [];
  return batch.map((job, index) => {
    if (job[0] === 'write') return written instanceof Error ? written : (written[index] ?? NOTHING);
    try {
      return runJob(database, job);
    } catch (error) {
      return toError(error);
    }
  });
}

/**
 * One transaction, because it is the flush to disk that takes long.
 * @param {Database} database
 * @param {Batch} batch
 * @param {() => void} checkFiles
 */
function write(database, batch, checkFiles) {
  try {
    database.exec('BEGIN IMMEDIATE');
    const results = batch.map((job) => (job[0] === 'write' ? runJob(database, job) : NOTHING));
    if (commitGate !== undefined) Atomics.wait(commitGate.closed, 0, 1, commitGate.atMostMs);
    checkFiles();
    database.exec('COMMIT');
    return results;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    return toError(error);
  }
}

/**
 * @param {Database} database
 * @param {Job} job
 * @returns {Slice}
 */
function runJob(database, [, sql, values, limits]) {
  const statement = prepared(database, sql);
  if (limits === undefined) return { rows: statement.all(...values).map(toArray), hasMore: false };
  const rows = [];
  let characters = 0;
  for (const each of statement.iterate(...values)) {
    const row = toArray(each);
    for (const value of row) if (typeof value === 'string') characters += value.length;
    const isTooMuch = rows.length === limits.rows || characters > limits.characters;
    if (isTooMuch && rows.length > 0) return { rows, hasMore: true };
    rows.push(row);
  }
  return { rows, hasMore: false };
}

/**
 * @param {Database} database
 * @param {string} sql
 */
function prepared(database, sql) {
  const known = statements.get(sql);
  if (known !== undefined) return known;
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  // Some PRAGMAs take effect when they are prepared: those are prepared each time.
  if (!sql.startsWith('PRAGMA')) statements.set(sql, statement);
  return statement;
}

/**
 * An array already, which the types of Node.js do not say.
 * @param {object} row
 */
function toArray(row) {
  return Object.values(row);
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
