import { expect, it } from 'vitest';
import type { BatchRow } from '../../../src/api/batches.ts';
import { BATCH_COLUMNS, toBatchCells } from '../../../src/ipsec-tunnels/export/batch-csv.ts';
import { REQUEST_COLUMNS, toRequestCells } from '../../../src/ipsec-tunnels/export/csv.ts';
import { readCells, readHeaders } from '../../../src/ipsec-tunnels/import/columns.ts';
import { requestOf } from '../../../src/ipsec-tunnels/import/requests.ts';
import { ACCOUNT_ID, EXPORTED_REQUEST, FULL_TUNNEL, KEY } from './tunnels.ts';

const ROW: BatchRow = {
  number: 3,
  request: EXPORTED_REQUEST,
  keySource: 'generated',
  state: 'created',
  tunnelId: FULL_TUNNEL.id,
};

function written(row: BatchRow, tunnel?: typeof FULL_TUNNEL) {
  return Object.fromEntries(toBatchCells(row, ACCOUNT_ID, tunnel).map((cell, index) => [BATCH_COLUMNS[index], cell]));
}

it('a row that was made has its ID, both ends of its interfaces and the identities of its router', () => {
  expect(written(ROW, FULL_TUNNEL)).toEqual({
    row: '3',
    outcome: 'created',
    name: 'branch-1',
    id: FULL_TUNNEL.id,
    cloudflare_endpoint: FULL_TUNNEL.cloudflare_endpoint,
    customer_endpoint: FULL_TUNNEL.customer_endpoint,
    interface_address: '10.0.0.0/31',
    router_interface_address: '10.0.0.1/31',
    interface_address6: '2001:db8:1::2/127',
    router_interface_address6: '2001:db8:1::3/127',
    fqdn_identity: 'a.ipsec.cloudflare.com',
    user_fqdn_identity: 'ipsec@a.ipsec.cloudflare.com',
    hex_identity: 'aa',
    custom_identity: `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`,
    description: FULL_TUNNEL.description,
    errors: '',
  });
  expect(written(ROW)).toMatchObject({
    id: FULL_TUNNEL.id,
    router_interface_address: '10.0.0.1/31',
    fqdn_identity: '',
  });
});

it('a row is called as it was in the import', () => {
  expect(written({ ...ROW, number: 9, importRow: 5 })).toMatchObject({ row: '5' });
  expect(written({ ...ROW, number: 10, importRow: 2005 })).toMatchObject({ row: '5 (second)' });
});

it('a row that was not made says why, and is ready to import again', () => {
  const row: BatchRow = {
    ...ROW,
    request: { ...EXPORTED_REQUEST, name: '=cmd', psk: KEY },
    state: 'not-created',
    tunnelId: undefined,
    errors: [
      { code: 1001, message: '@name: taken' },
      { code: 1002, message: 'and more' },
    ],
  };
  expect(written(row)).toMatchObject({
    outcome: 'not created',
    name: "'=cmd",
    id: '',
    errors: "'@name: taken (1001) and more (1002)",
  });
  expect(JSON.stringify(written(row))).not.toContain(KEY);

  const { columns } = readHeaders(REQUEST_COLUMNS);
  const cells = toRequestCells(row.request);
  expect(cells).not.toContain(KEY);
  expect(requestOf(readCells(columns, cells), ACCOUNT_ID)).toEqual({ ...EXPORTED_REQUEST, name: '=cmd' });
});

it.each([
  { state: 'unknown', outcome: 'not known' },
  { state: 'not-tried', outcome: 'not tried' },
  { state: 'under-way', outcome: 'under way' },
] as const)('a row that is $state is $outcome', ({ state, outcome }) => {
  expect(written({ ...ROW, state })).toMatchObject({ outcome });
});
