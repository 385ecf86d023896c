import { expect, test } from 'vitest';
import { pairRows } from '../src/ipsec-tunnels/create/submit-pair.ts';

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
    [2, 'another', undefined],
  ]);
  expect(rows.map(({ generatesKey }) => generatesKey)).toEqual([true, true]);
  expect(rows[0]?.cells).toMatchObject({ name: 'ams-1', 'health_check.direction': 'bidirectional' });
});

test('the second row has the key of the first where they share one', () => {
  const [first, second] = pairRows({ requests: [FIRST, SECOND], sharesKey: true, hasGeneratedKeys: false });
  expect(first?.cells.psk).toBe(FIRST.psk);
  expect(second).toMatchObject({ number: 2, sharesKeyWith: 1 });
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
