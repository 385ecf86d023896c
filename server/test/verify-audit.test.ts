// verify-audit.js: an export is verified without the desk that wrote it.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openStorage } from '../src/storage/storage.ts';
import { ask, startDesk, temporaryFolder } from './support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, SMALLEST_REQUEST } from './support/samples.ts';

const VERIFY = fileURLToPath(new URL('../verify-audit.js', import.meta.url));

/** A desk with entries of every form: open, with one outcome and with two, and with texts that are hard to store. */
async function exported(query = ''): Promise<{ readonly lines: string[]; readonly head: string }> {
  const storage = openStorage(temporaryFolder());
  const begin = async (name: string, accountId = ACCOUNT_ID, before?: object) => {
    const begun = await storage.journal.begin({
      requestId: 'request-1',
      person: { id: 'u-\ud800', name: 'Ann\u2028' },
      accountId,
      action: 'create',
      resource: { kind: 'ipsec-tunnel', name },
      request: { ...SMALLEST_REQUEST, name, description: '\u2029 and \udc00' },
      before,
      options: 'string',
      idempotency: { key: name, fingerprint: 'f' },
    });
    if (begun.kind !== 'begun') throw new Error('the key is taken');
    return begun.id;
  };
  const first = await begin('branch-\udfff');
  await storage.journal.finish(first, { result: 'unknown', codes: [90026], reconciled: false, durationMs: 0.1 + 0.2 });
  const second = await begin('branch-2', OTHER_ACCOUNT_ID);
  const response = { status: 200, envelope: { success: true, errors: [], messages: [], result: null } };
  await storage.journal.finish(second, { result: 'refused', status: 400, codes: [1001], reconciled: false, response });
  await storage.journal.finish(first, {
    result: 'created',
    status: 200,
    codes: [],
    resourceId: 'id',
    reconciled: true,
  });
  await begin('branch-3', ACCOUNT_ID, { name: 'branch-3', allow_null_cipher: false });
  const desk = await startDesk({}, { storage });
  const { text } = await ask(`${desk.origin}/api/audit/export${query}`);
  return { lines: text.split('\n').slice(0, -1), head: (await storage.auditLog.verify()).head.hash };
}

function verify(lines: readonly string[], ...args: readonly string[]) {
  const path = join(temporaryFolder(), 'audit.ndjson');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  const { status, stdout, stderr } = spawnSync(process.execPath, [VERIFY, path, ...args], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

it('says that an export is intact, and with which head', async () => {
  const { lines, head } = await exported();
  expect(verify(lines)).toEqual({ status: 0, said: `intact: 6 records, head ${head}\n` });
  expect(verify(lines, head)).toMatchObject({ status: 0 });
  expect(verify([])).toMatchObject({ status: 0, said: expect.stringContaining('intact: 0 records') });
});

it('says that an export whose head was another one is not the same trail', async () => {
  const { lines } = await exported();
  expect(verify(lines, 'f'.repeat(64))).toMatchObject({
    status: 1,
    said: expect.stringContaining('never had the head'),
  });
});

it.each<[string, (lines: string[]) => string[], string]>([
  ['a person is another', change('"person":"u-', '"person":"v-'), 'record 6, of entry 3, is not what was written'],
  ['a request is another', change('198.51.100.1', '198.51.100.2'), 'record 6, of entry 3'],
  [
    'what a resource was is another',
    change('"allow_null_cipher":false', '"allow_null_cipher":true'),
    'record 6, of entry 3',
  ],
  ['what a resource was is missing', change('"before"', '"after"'), 'record 6, of entry 3'],
  [
    'a name is another in one place',
    change('"tunnelName":"branch-3"', '"tunnelName":"b"'),
    'entry 3 contradicts itself',
  ],
  ['an outcome is another', change('"result":"created"', '"result":"refused"'), 'record 5, of entry 1'],
  ['an earlier outcome is another', change('"result":"unknown"', '"result":"refused"'), 'record 2, of entry 1'],
  ['an ID is another', change('"tunnelId":"id"', '"tunnelId":"jd"'), 'entry 1 contradicts itself'],
  ['the newest entry but one is missing', (lines) => lines.toSpliced(1, 1), 'record 3 is missing'],
  ['an entry is there twice', (lines) => [...lines, ...lines.slice(0, 1)], 'record 6 is there twice'],
  ['a line is cut', (lines) => lines.with(0, String(lines[0]).slice(0, 99)), 'line 1 is not an entry of an export'],
])('says where an export was changed: %s', async (_what, spoil, said) => {
  const { lines } = await exported();
  expect(verify(spoil(lines))).toMatchObject({ status: 1, said: expect.stringContaining(said) });
});

it('cannot verify a filtered export, and says so', async () => {
  const { lines } = await exported(`?account=${ACCOUNT_ID}`);
  expect(verify(lines)).toMatchObject({ status: 1, said: expect.stringContaining('not the export of everything') });
});

it('says how it is used, and which file it cannot read', () => {
  expect(spawnSync(process.execPath, [VERIFY], { encoding: 'utf8' })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^usage: /),
  });
  const { status, stderr } = spawnSync(process.execPath, [VERIFY, '/nowhere/audit.ndjson'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining('cannot read /nowhere/audit.ndjson'),
  });
});

/** Changes the first line that has the text. */
function change(from: string, to: string) {
  return (lines: string[]) => {
    const index = lines.findIndex((line) => line.includes(from));
    return lines.with(index, String(lines[index]).replace(from, to));
  };
}
