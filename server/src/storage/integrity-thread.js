// @ts-check
// Checks a database file, and the hash chain in it, on a thread of its own: it takes as long as it takes, and nobody waits.
//
// The file is read as it is on disk, past every lock and without what is written ahead: it must not change meanwhile.

/** @import { IntegrityOptions, Integrity } from './integrity.ts' */

import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { addChainFunctions, CHAIN_START, linkHash } from './chain.js';

/** @type {IntegrityOptions} */
const { file, selectLinks, selectUnlinked } = workerData;

parentPort?.postMessage(check());

/** @returns {Integrity} */
function check() {
  const head = { count: 0, hash: CHAIN_START };
  try {
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    const database = new DatabaseSync(url, { readOnly: true });
    addChainFunctions(database);
    const report = String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
    const damage = report === 'ok' ? undefined : report;
    const broken = walkChain(database, head) ?? findUnlinked(database);
    database.close();
    return { head, damage, broken };
  } catch (error) {
    return { head, damage: error instanceof Error ? error.message : String(error), broken: undefined };
  }
}

/**
 * Follows the chain to its end, and returns where it breaks first.
 * @param {DatabaseSync} database
 * @param {{ count: number, hash: string }} head
 */
function walkChain(database, head) {
  const links = database.prepare(selectLinks);
  links.setReturnArrays(true);
  /** @type {Integrity['broken']} */
  let broken;
  for (const link of links.iterate()) {
    const [at, hash, record, entry] = Object.values(link);
    const position = Number(at);
    if (broken === undefined) {
      const entryId = typeof entry === 'number' ? entry : undefined;
      if (position !== head.count + 1) broken = { position: head.count + 1, reason: 'its link is missing' };
      else if (record === null || record === undefined) broken = { position, entryId, reason: 'its record is missing' };
      else if (hash !== linkHash(head.hash, record)) broken = { position, entryId, reason: 'it was changed' };
    }
    head.count = position;
    head.hash = String(hash);
  }
  return broken;
}

/** @param {DatabaseSync} database */
function findUnlinked(database) {
  const id = database.prepare(selectUnlinked).get()?.['id'];
  return id === undefined ? undefined : { entryId: Number(id), reason: 'a record of it is not in the chain' };
}
