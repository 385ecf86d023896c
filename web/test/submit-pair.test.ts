import { afterEach, expect, test, vi } from 'vitest';
import { pairRows, startPair } from '../src/ipsec-tunnels/create/submit-pair.ts';
import type { PairToSend } from '../src/ipsec-tunnels/create/use-pair-submission.ts';

afterEach(() => void vi.unstubAllGlobals());

const FIRST = {
  name: 'ams-1',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  psk: ' key, as typed "',
  health_check: { direction: 'bidirectional' as const },
};
const SECOND = { ...FIRST, name: 'ams-2', interface_address: '10.0.0.2/31' };

test('both rows have their own key where the keys are separate, exactly as it was typed', () => {
  const rows = pairRows({ requests: [FIRST, { ...SECOND, psk: 'another' }], sharesKey: false, hasGeneratedKeys: true });
  expect(rows.map(({ number, cells, sharesKeyWith }) => [number, cells.psk, sharesKeyWith])).toEqual([
    [1, FIRST.psk, undefined],
    [2001, 'another', undefined],
  ]);
  expect(rows.map(({ generatesKey }) => generatesKey)).toEqual([true, true]);
  expect(rows[0]?.cells).toMatchObject({ name: 'ams-1', 'health_check.direction': 'bidirectional' });
});

test('the second row has the key of the first where they share one', () => {
  const [first, second] = pairRows({ requests: [FIRST, SECOND], sharesKey: true, hasGeneratedKeys: false });
  expect(first?.cells.psk).toBe(FIRST.psk);
  expect(second).toMatchObject({ number: 2001, sharesKeyWith: 1 });
  expect(second?.cells).not.toHaveProperty('psk');
});

test('neither row has a key that is set later', () => {
  const { psk: _, ...first } = FIRST;
  const { psk: __, ...second } = SECOND;
  for (const row of pairRows({ requests: [first, second], sharesKey: true, hasGeneratedKeys: false })) {
    expect(row.cells).not.toHaveProperty('psk');
    expect(row.sharesKeyWith).toBeUndefined();
    expect(row.generatesKey).toBe(false);
  }
});

/** The batches that were begun, while no response comes. */
function begunWithoutResponse(): readonly { readonly path: string; readonly body: string }[] {
  const begun: { path: string; body: string }[] = [];
  vi.stubGlobal('fetch', (path: string, { body }: RequestInit) => {
    begun.push({ path, body: String(body) });
    return Promise.reject(new TypeError('Failed to fetch'));
  });
  return begun;
}

test('the same pair once more, because no response came, is the same batch; one of another key or name is another', async () => {
  const pair: PairToSend = {
    ...{ accountId: '0123456789abcdef0123456789abcdef', requests: [FIRST, { ...SECOND, psk: 'another' }] },
    ...{ sharesKey: false, hasGeneratedKeys: true, name: 'ams', version: 7 },
  };
  const otherKey = { ...pair, requests: [FIRST, { ...SECOND, psk: 'generated anew' }] };
  const otherName = { ...pair, requests: [{ ...FIRST, name: 'fra-1' }, SECOND] };
  const begun = begunWithoutResponse();
  for (const each of [pair, { ...pair, version: 9 }, otherKey, otherName]) await startPair(each);
  const paths = begun.map(({ path }) => path);
  expect(paths[1]).toBe(paths[0]);
  expect(new Set(paths.slice(1)).size).toBe(3);
  expect(begun[3]?.body).toContain('fra-1');
});
