// Verifies an export of the audit trail without the desk: recomputes the hash chain from what the entries say.
//
//   node server/verify-audit.js audit.ndjson [the hash of a head that the log or an earlier export has]
//
// Ends with status 0 where every record from the first on is there and as it was written, else with 1. Only the export of
// everything can be verified: what a filter or a role left out is missing from the chain.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { CHAIN_START, linkHash, recordHash, toStoredText } from './src/storage/chain.js';

const [path, expectedHead] = process.argv.slice(2);
if (path === undefined) fail('usage: node server/verify-audit.js audit.ndjson [hash of a head]');

/** By position: the hash an entry's record has now, the hash its link has, and the entry. */
const links = [];
let line = 0;
try {
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line += 1;
    addLinksOf(JSON.parse(text));
  }
} catch (error) {
  fail(
    line === 0
      ? `cannot read ${path}: ${error.message}`
      : `line ${line} is not an entry of an export: ${error.message}`,
  );
}

let head = CHAIN_START;
let hasExpectedHead = expectedHead === undefined || expectedHead === head;
for (let position = 1; position < links.length; position++) {
  const link = links[position];
  if (link === undefined) {
    fail(`record ${position} is missing: it was removed, or this is not the export of everything`);
  }
  head = linkHash(head, link.record);
  if (head !== link.hash) fail(`record ${position}, of entry ${link.entry}, is not what was written`);
  hasExpectedHead ||= head === expectedHead;
}
const count = Math.max(0, links.length - 1);
if (!hasExpectedHead)
  fail(`the chain holds, ${count} records with the head ${head}, but it never had the head ${expectedHead}`);
console.log(`intact: ${count} records, head ${head}`);

function addLinksOf(entry) {
  const { id, at, requestId, person, personName, accountId, action, resource, tunnelName, request, before } = entry;
  const { outcome, chain } = entry;
  const last = chain.outcomes.at(-1);
  const resourceId = chain.resourceId ?? last?.resourceId ?? undefined;
  // What stands in an entry twice must be the same.
  const isConsistent =
    resource.id === resourceId && tunnelName === resource.name && (outcome ? outcome.tunnelId === resourceId : !last);
  if (!isConsistent) fail(`entry ${id} contradicts itself: it is not what was written`);
  const texts = [toStoredText(person), toStoredText(personName)];
  const target = [resource.kind, chain.resourceId, toStoredText(resource.name), JSON.stringify(request)];
  if (before !== undefined) target.push(JSON.stringify(before));
  addLink(id, chain, recordHash('intent', id, at, requestId, ...texts, accountId, action, ...target, chain.seal));
  for (const link of chain.outcomes) {
    const told = link === last ? outcome : link.outcome;
    const { result, status = null, codes, cfRay = null, durationMs = null, reconciled } = told;
    const how = [
      told.at,
      result,
      status,
      JSON.stringify(codes),
      cfRay,
      link.resourceId,
      durationMs,
      Number(reconciled),
    ];
    addLink(id, link, recordHash('outcome', link.id, id, accountId, ...how, link.seal));
  }
}

function addLink(entry, { position, hash }, record) {
  if (!Number.isSafeInteger(position) || position < 1) fail(`entry ${entry} has a record that is not in the chain`);
  if (links[position] !== undefined) fail(`record ${position} is there twice`);
  links[position] = { entry, hash, record };
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
