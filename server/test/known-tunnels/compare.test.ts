// A comparison of many tunnels, where no socket is needed to see it.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { knownRequest } from '@tunnel-desk/shared/ipsec-tunnels/drift';
import { expect, it, onTestFinished } from 'vitest';
import { compareTunnels } from '../../src/known-tunnels/compare.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { temporaryFolder } from '../support/desk.ts';
import { ACCOUNT_ID, FULL_REQUEST, OTHER_ACCOUNT_ID, TUNNEL } from '../support/samples.ts';

const { psk: _, ...TUNNEL_VALUES } = FULL_REQUEST;
const MANY = 5_000;

function manyTunnels(description: string) {
  return Array.from({ length: MANY }, (_each, index) => ({
    ...TUNNEL_VALUES,
    bgp: { ...TUNNEL_VALUES.bgp, extra_prefixes: [...TUNNEL_VALUES.bgp.extra_prefixes] },
    id: index.toString(16).padStart(32, '0'),
    name: `branch-${index}`,
    description,
  }));
}

async function open() {
  const storage = openStorage(temporaryFolder());
  onTestFinished(storage.close);
  await storage.opened;
  return storage;
}

it('finds each of many, and lets others have their turns meanwhile', async () => {
  const { knownTunnels } = await open();
  const before = manyTunnels('before');
  await compareTunnels(knownTunnels, ACCOUNT_ID, { tunnels: before, isComplete: true });
  expect(await compareTunnels(knownTunnels, ACCOUNT_ID, { tunnels: before, isComplete: true })).toMatchObject({
    tunnels: [],
  });
  let turns = 0;
  let isComparing = true;
  const others = (async () => {
    for (; isComparing; turns++) await nextTurn();
  })();
  const { tunnels } = await compareTunnels(knownTunnels, ACCOUNT_ID, {
    tunnels: manyTunnels('after'),
    isComplete: true,
  });
  isComparing = false;
  await others;
  expect(tunnels).toHaveLength(MANY);
  expect(new Set(tunnels.map(({ kind }) => kind))).toEqual(new Set(['changed']));
  // One stretch is some hundred tunnels.
  expect(turns).toBeGreaterThan(MANY / 500);
});

it('tells nothing as deleted by a list that is not whole', async () => {
  const { knownTunnels } = await open();
  await compareTunnels(knownTunnels, ACCOUNT_ID, { tunnels: [TUNNEL], isComplete: true });
  expect(await compareTunnels(knownTunnels, ACCOUNT_ID, { tunnels: [], isComplete: false })).toMatchObject({
    tunnels: [],
  });
  expect(await compareTunnels(knownTunnels, ACCOUNT_ID, { tunnels: [], isComplete: true })).toMatchObject({
    tunnels: [{ kind: 'deleted', tunnelId: TUNNEL.id }],
  });
});

it('knows the tunnels of each account apart', async () => {
  const { knownTunnels } = await open();
  const lists = { tunnels: [TUNNEL], isComplete: true };
  await compareTunnels(knownTunnels, ACCOUNT_ID, lists);
  expect(await knownTunnels.comparingSince(OTHER_ACCOUNT_ID)).toBeUndefined();
  await compareTunnels(knownTunnels, OTHER_ACCOUNT_ID, { tunnels: [], isComplete: true });
  expect(await compareTunnels(knownTunnels, OTHER_ACCOUNT_ID, lists)).toMatchObject({ tunnels: [{ kind: 'made' }] });
  expect(await compareTunnels(knownTunnels, ACCOUNT_ID, lists)).toMatchObject({ tunnels: [] });
});

it('takes no tunnel for known that was deleted here while the first list was read', async () => {
  const { knownTunnels, journal } = await open();
  const begun = await journal.begin({
    ...{ requestId: 'request-1', person: { id: 'u-ann', name: 'Ann' }, accountId: ACCOUNT_ID, action: 'delete' },
    ...{ resource: { kind: 'ipsec-tunnel', id: TUNNEL.id, name: TUNNEL.name }, request: {}, options: 'string' },
  });
  if (begun.kind !== 'begun') throw new Error('it was not begun');
  const after = { id: TUNNEL.id, values: undefined };
  await journal.finish(begun.id, { result: 'deleted', status: 200, codes: [], reconciled: false, after });
  await knownTunnels.addFirstSeen(ACCOUNT_ID, [{ tunnelId: TUNNEL.id, request: knownRequest(TUNNEL) }]);
  expect(await knownTunnels.find(ACCOUNT_ID, TUNNEL.id)).toBeUndefined();
});

it('gives no version twice, whatever was forgotten in between', async () => {
  const { knownTunnels } = await open();
  const note = {
    ...{ requestId: 'request-1', person: { id: 'u-ann', name: 'Ann' }, accountId: ACCOUNT_ID, tunnelId: TUNNEL.id },
    ...{ name: TUNNEL.name, before: undefined, now: knownRequest(TUNNEL) },
  };
  expect(await knownTunnels.accept(note, undefined)).toBe(true);
  const first = await knownTunnels.find(ACCOUNT_ID, TUNNEL.id);
  expect(await knownTunnels.accept({ ...note, requestId: 'request-2', now: undefined }, first?.version)).toBe(true);
  expect(await knownTunnels.accept({ ...note, requestId: 'request-3' }, undefined)).toBe(true);
  const second = await knownTunnels.find(ACCOUNT_ID, TUNNEL.id);
  expect(second?.version).toBeGreaterThan(first?.version ?? Number.POSITIVE_INFINITY);
  expect(await knownTunnels.accept({ ...note, requestId: 'request-4' }, first?.version)).toBe(false);
});
