// Who can read what is in DATA_DIR, on the file system itself.

import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareDataFolder } from '../src/data-folder.ts';
import { askApi, temporaryFolder } from './support/desk.ts';
import { startListening } from './support/process.ts';
import { SMALLEST_REQUEST } from './support/samples.ts';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

function modesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(join(folder, name))]));
}

it('makes the folder for its user alone', () => {
  const folder = join(temporaryFolder(), 'data');
  prepareDataFolder(folder);
  expect(modeOf(folder)).toBe('700');
});

it('closes what is there to all other users, and leaves alone what is not a database', () => {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const databases = ['audit.sqlite', 'audit.sqlite-wal', 'audit.sqlite-shm', 'sandbox-audit.sqlite-journal'];
  for (const name of [...databases, 'notes.txt']) {
    writeFileSync(join(folder, name), '');
    chmodSync(join(folder, name), 0o664);
  }
  prepareDataFolder(folder);
  expect(modeOf(folder)).toBe('700');
  expect(modesIn(folder)).toEqual({
    ...Object.fromEntries(databases.map((name) => [name, '600'])),
    'notes.txt': '664',
  });
});

it('makes every file for its user alone while it runs, whatever the umask it was started with', async () => {
  const before = process.umask(0o000);
  try {
    const DATA_DIR = temporaryFolder();
    const { address } = await startListening({ DATA_DIR });
    const session = await askApi(`${address}/api/session`);
    const [account] = JSON.parse(session.text).result.accounts;
    const { status } = await askApi(`${address}/api/accounts/${account.id}/magic/ipsec_tunnels`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(SMALLEST_REQUEST),
    });
    expect(status).toBe(200);
    const modes = modesIn(DATA_DIR);
    expect(Object.keys(modes)).toContain('sandbox-audit.sqlite-wal');
    expect(new Set(Object.values(modes))).toEqual(new Set(['600']));
  } finally {
    process.umask(before);
  }
});
