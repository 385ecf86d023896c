import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { expect, test } from 'vitest';
import { batchRowsOf } from '../src/ipsec-tunnels/batch/start-batch.ts';

const CELLS = { cloudflare_endpoint: '198.51.100.1', interface_address: '10.0.0.0/31' };

const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';

function row(number: number, parts: Partial<ImportRow> = {}): ImportRow {
  return { number, generatesKey: false, ...parts, cells: { ...CELLS, name: `branch-${number}`, ...parts.cells } };
}

test('keeps every row as its request, and its key apart from it', async () => {
  const [own, generated, later] = await batchRowsOf(
    [
      row(2, { cells: { psk: 'a-key-of-its-own', 'bgp.customer_asn': '65010' } }),
      row(5, { generatesKey: true }),
      row(6),
    ],
    ACCOUNT_ID,
  );
  expect(own).toEqual({
    kept: { request: { ...CELLS, name: 'branch-2', bgp: { customer_asn: 65010 } }, keySource: 'own', importRow: 2 },
    psk: 'a-key-of-its-own',
  });
  expect(generated?.kept).toEqual({ request: { ...CELLS, name: 'branch-5' }, keySource: 'generated', importRow: 5 });
  expect(generated?.psk).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(later).toEqual({
    kept: { request: { ...CELLS, name: 'branch-6' }, keySource: 'later', importRow: 6 },
    psk: undefined,
  });
});

test('keeps a key that was generated before the batch, and says that it was', async () => {
  const [row1] = await batchRowsOf([row(1, { generatesKey: true, cells: { psk: 'made-in-the-form' } })], ACCOUNT_ID);
  expect(row1).toMatchObject({ kept: { keySource: 'generated' }, psk: 'made-in-the-form' });
});

test('has a shared key once, under the numbers that the rows have in the batch', async () => {
  const [first, second] = await batchRowsOf([row(3, { generatesKey: true }), row(7, { sharesKeyWith: 3 })], ACCOUNT_ID);
  expect(first?.psk).toBeDefined();
  expect(second).toMatchObject({ kept: { keySource: 'generated', sharesKeyWith: 1 }, psk: undefined });
});

test('gives a second row of a pair a key of its own where the first one is not among them', async () => {
  const [second] = await batchRowsOf([row(7, { sharesKeyWith: 3 })], ACCOUNT_ID);
  expect(second?.kept).toMatchObject({ keySource: 'generated' });
  expect(second?.kept).not.toHaveProperty('sharesKeyWith');
  expect(second?.psk).toBeDefined();
});
