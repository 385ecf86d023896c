// @ts-check
// The hash chain over the audit trail: every intent and outcome, in the order of their commits, with the hash of all before.
//
// Plain JavaScript, and no imports but Node.js's own: the threads of the database and `verify-audit.js` share it.

/** @import { DatabaseSync, SQLOutputValue } from 'node:sqlite' */

import { hash } from 'node:crypto';

/** What the first link follows. */
export const CHAIN_START = '0'.repeat(64);

/**
 * The hash of one record: its kind and what people may read of it, in a fixed order, with what they may not as its seal.
 * @param {...SQLOutputValue} values
 */
export function recordHash(...values) {
  return sha256(JSON.stringify(values));
}

/**
 * Stands for values that only the server reads, so that an export can be verified without them.
 * @param {...SQLOutputValue} values
 */
export function seal(...values) {
  return sha256(JSON.stringify(values));
}

/**
 * The hash of a link: that of a record, behind the link before it.
 * @param {SQLOutputValue} previous
 * @param {SQLOutputValue} record
 */
export function linkHash(previous, record) {
  return sha256(`${previous}${record}`);
}

/**
 * What migrations and queries compute hashes with. `json_of` is an array in JSON with numbers as JavaScript writes them.
 * @param {DatabaseSync} database
 */
export function addChainFunctions(database) {
  const options = { varargs: true, deterministic: true };
  database.function('record_hash', options, recordHash);
  database.function('seal', options, seal);
  database.function('link_hash', { deterministic: true }, linkHash);
  database.function('json_of', options, (...values) => JSON.stringify(values));
}

/** No text that anybody types begins with it: Unicode keeps this character for the use within programs. */
const ESCAPED = '\ufdd0';

/**
 * A text as the database has it. Lone surrogates cannot be stored, so a text with some is kept in JSON, where they are escaped.
 * @param {string} text
 */
export function toStoredText(text) {
  return text.isWellFormed() && !text.startsWith(ESCAPED) ? text : ESCAPED + JSON.stringify(text);
}

/**
 * The text that was stored.
 * @param {string} stored
 * @returns {string}
 */
export function fromStoredText(stored) {
  if (!stored.startsWith(ESCAPED)) return stored;
  return String(JSON.parse(stored.slice(ESCAPED.length)));
}

/** @param {string} text */
function sha256(text) {
  return hash('sha256', text, 'hex');
}
