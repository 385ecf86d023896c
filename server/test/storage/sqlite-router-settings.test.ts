// What the database keeps about routers: how much of it, and what of an earlier version is left out.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { KeptRouterSettings } from '@tunnel-desk/shared/routers/settings';
import { expect, it, onTestFinished } from 'vitest';
import { MOST_KEPT } from '../../src/routers/router-settings-store.ts';
import { openStorage, type Storage } from '../../src/storage/storage.ts';
import { temporaryFolder } from '../support/desk.ts';
import { ACCOUNT_ID, OTHER_ACCOUNT_ID, ROUTER_SETTINGS } from '../support/samples.ts';

const INSERT = "INSERT INTO router_settings VALUES (?, ?, ?, ?, 'u-ann')";

function idAt(index: number): string {
  return index.toString(16).padStart(32, '0');
}

/** Storage whose file was filled by hand. */
async function storageOf(fill: (file: DatabaseSync) => void): Promise<Storage> {
  const folder = temporaryFolder();
  const empty = openStorage(folder);
  await empty.opened;
  await empty.close();
  const file = new DatabaseSync(join(folder, 'audit.sqlite'));
  file.exec('BEGIN');
  fill(file);
  file.exec('COMMIT');
  file.close();
  const storage = openStorage(folder);
  onTestFinished(() => storage.close());
  return storage;
}

async function readAll({ routerSettings }: Storage, accountId = ACCOUNT_ID): Promise<KeptRouterSettings[]> {
  const all: KeptRouterSettings[] = [];
  for await (const slice of routerSettings.all(accountId)) all.push(...slice);
  return all;
}

it('leaves out what this version does not know, and reads on', async () => {
  const known = JSON.stringify(ROUTER_SETTINGS);
  const storage = await storageOf((file) => {
    const insert = file.prepare(INSERT);
    const at = '2026-11-25T10:00:00.000Z';
    insert.run(ACCOUNT_ID, idAt(1), 'no JSON', at);
    insert.run(ACCOUNT_ID, idAt(2), JSON.stringify({ ...ROUTER_SETTINGS, kind: 'of another version' }), at);
    insert.run(ACCOUNT_ID, idAt(3), JSON.stringify({ ...ROUTER_SETTINGS, added: 'by another version' }), at);
    insert.run(ACCOUNT_ID, idAt(4), known, at);
  });
  expect(await readAll(storage)).toEqual([{ tunnelId: idAt(4), settings: ROUTER_SETTINGS }]);
  await storage.routerSettings.keep(ACCOUNT_ID, { tunnelId: idAt(2), settings: ROUTER_SETTINGS }, 'u-ann');
  expect((await readAll(storage)).map(({ tunnelId }) => tunnelId)).toEqual([idAt(2), idAt(4)]);
});

it(`keeps the ${MOST_KEPT} of an account that were saved last`, async () => {
  const storage = await storageOf((file) => {
    const insert = file.prepare(INSERT);
    const settings = JSON.stringify(ROUTER_SETTINGS);
    const first = Date.parse('2026-01-01T00:00:00Z');
    for (let index = 0; index < MOST_KEPT; index += 1) {
      insert.run(ACCOUNT_ID, idAt(index), settings, new Date(first + index * 1_000).toISOString());
    }
    insert.run(OTHER_ACCOUNT_ID, idAt(0), settings, new Date(first).toISOString());
  });
  expect(await readAll(storage)).toHaveLength(MOST_KEPT);
  const { routerSettings } = storage;
  await routerSettings.keep(ACCOUNT_ID, { tunnelId: idAt(0), settings: ROUTER_SETTINGS }, 'u-ann');
  await routerSettings.keep(ACCOUNT_ID, { tunnelId: idAt(MOST_KEPT), settings: ROUTER_SETTINGS }, 'u-ann');
  const ids = (await readAll(storage)).map(({ tunnelId }) => tunnelId);
  expect(ids).toHaveLength(MOST_KEPT);
  // Saved again before the last was added: the second one was the oldest then.
  expect(ids.slice(0, 2)).toEqual([idAt(0), idAt(2)]);
  expect(ids.at(-1)).toBe(idAt(MOST_KEPT));
  expect(await readAll(storage, OTHER_ACCOUNT_ID)).toHaveLength(1);
});
