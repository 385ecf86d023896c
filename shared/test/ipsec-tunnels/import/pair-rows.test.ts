import { describe, expect, it } from 'vitest';
import { MAX_IMPORT_ROWS } from '../../../src/api/batches.ts';
import { cidr } from '../../../src/ip/cidr.ts';
import { conflictsAmong } from '../../../src/ipsec-tunnels/import/conflicts.ts';
import { fillPairs, pairRows, type RowPairSettings } from '../../../src/ipsec-tunnels/import/pair-rows.ts';
import { ACCOUNT_ID } from '../validating.ts';
import { rowOf, rowsOf } from './rows.ts';

const SETTINGS: RowPairSettings = {
  suffixes: ['-a', '-b'],
  secondEndpoint: '162.159.65.1',
  sharesKey: false,
  sharesIdentity: false,
  sharesEndpoint: false,
  cloudflareEndpoints: ['162.159.64.1', '162.159.65.1'],
};
const NOBODY = { tunnels: [], others: [] };
const POOL = [cidr('10.0.0.0/24')];

describe('every row as a pair', () => {
  it('is two rows with names, an endpoint, a subnet and an identity of their own, and collides with nothing', () => {
    const rows = rowsOf(
      { 'custom_remote_identities.fqdn_id': 'x', customer_endpoint: '8.8.8.8' },
      { name: 'branch-2', interface_address: '10.0.0.2/31' },
    );
    const { rows: paired, notes } = pairRows(rows, SETTINGS, NOBODY, POOL);
    expect(
      paired.map(({ number, cells }) => [number, cells.name, cells.cloudflare_endpoint, cells.interface_address]),
    ).toEqual([
      [1, 'branch-1-a', '162.159.64.1', '10.0.0.0/31'],
      [1 + MAX_IMPORT_ROWS, 'branch-1-b', '162.159.65.1', '10.0.0.4/31'],
      [2, 'branch-2-a', '162.159.64.1', '10.0.0.2/31'],
      [2 + MAX_IMPORT_ROWS, 'branch-2-b', '162.159.65.1', '10.0.0.6/31'],
    ]);
    expect(paired.map(({ cells }) => cells['custom_remote_identities.fqdn_id'])).toEqual([
      'x-a',
      'x-b',
      undefined,
      undefined,
    ]);
    expect(paired[1]?.cells.customer_endpoint).toBe('8.8.8.8');
    expect(conflictsAmong(paired, ACCOUNT_ID).size).toBe(0);
    expect(notes).toEqual(['Pairs: a second tunnel for 2 rows.']);
  });

  it('has one key where it is shared: that of the first, which alone has it among its cells', () => {
    const [first, second] = pairRows(
      [rowOf({ psk: 'own' }, { number: 7 })],
      { ...SETTINGS, sharesKey: true },
      NOBODY,
      POOL,
    ).rows;
    expect(first).toMatchObject({ number: 7, cells: { psk: 'own' } });
    expect(second).toMatchObject({ sharesKeyWith: 7, generatesKey: false });
    expect(second?.cells).not.toHaveProperty('psk');
  });

  it('has a second key where it is not, which is generated', () => {
    const secondOf = (row: ReturnType<typeof rowOf>) => pairRows([row], SETTINGS, NOBODY, POOL).rows[1];
    expect(secondOf(rowOf({ psk: 'own' }))).toMatchObject({ generatesKey: true });
    expect(secondOf(rowOf({ psk: 'own' }))?.cells).not.toHaveProperty('psk');
    expect(secondOf(rowOf({}, { generatesKey: true }))).toMatchObject({ generatesKey: true });
    expect(secondOf(rowOf())).toMatchObject({ generatesKey: false });
  });

  it('keeps texts as they were typed, right or wrong', () => {
    const typed = {
      description: ' as typed ',
      replay_protection: 'YES',
      'bgp.extra_prefixes': '10.1.0.0/16;10.2.0.0/16',
    };
    for (const { cells } of pairRows([rowOf(typed)], SETTINGS, NOBODY, POOL).rows) expect(cells).toMatchObject(typed);
  });

  it('is left to a later fill where the first has no address yet', () => {
    const { rows } = pairRows([rowOf({ interface_address: '' })], SETTINGS, NOBODY, POOL);
    expect(rows.map(({ cells }) => cells.interface_address ?? '')).toEqual(['', '']);
  });

  it('says what is missing: where the pool is full, and in IPv6', () => {
    const rows = rowsOf({ interface_address6: 'fd00::2/127' }, { name: 'b', interface_address: '10.0.0.2/31' });
    const { rows: paired, notes } = pairRows(
      rows,
      SETTINGS,
      NOBODY,
      [cidr('10.0.0.0/29')].map(() => cidr('10.0.0.4/31')),
    );
    expect(paired[3]?.cells).not.toHaveProperty('interface_address');
    expect(paired[1]?.cells).not.toHaveProperty('interface_address6');
    expect(notes).toEqual([
      'Pairs: a second tunnel for 2 rows.',
      'The pool is full: the second tunnels of 1 row have no interface address.',
      'The second tunnels of 1 row have no IPv6 interface address.',
    ]);
  });

  describe('has the second tunnel on another endpoint than the first', () => {
    const onSecond = rowOf({ cloudflare_endpoint: '162.159.65.1' });
    const pairWith = (settings: Partial<RowPairSettings>) => {
      const { rows, notes } = pairRows([onSecond], { ...SETTINGS, ...settings }, NOBODY, POOL);
      return { endpoint: rows[1]?.cells.cloudflare_endpoint ?? '', said: notes.slice(1) };
    };

    it('which is the first where the row is on the second already', () => {
      expect(pairWith({})).toEqual({ endpoint: '162.159.64.1', said: [] });
    });

    it('unless one is to have both', () => {
      expect(pairWith({ sharesEndpoint: true })).toEqual({ endpoint: '162.159.65.1', said: [] });
    });

    it('and on none, which is said, where no other is known', () => {
      expect(pairWith({ cloudflareEndpoints: ['162.159.65.1'] })).toEqual({
        endpoint: '',
        said: ['The second tunnels of 1 row have no Cloudflare endpoint: no other one is known.'],
      });
    });
  });

  it('is made once: what is a pair already stays as it is', () => {
    const { rows } = pairRows([rowOf()], SETTINGS, NOBODY, POOL);
    const again = pairRows(rows, SETTINGS, NOBODY, POOL).rows;
    expect(again.map((row, index) => row === rows[index])).toEqual([true, true]);
  });
});

describe('rows that are filled in and made pairs at once', () => {
  const NO_ADDRESS = { interface_address: '' };
  const addresses = (...args: Parameters<typeof fillPairs>) =>
    fillPairs(...args).rows.map(({ cells }) => cells.interface_address);

  it('have the two addresses of a pair one after the other', () => {
    const rows = rowsOf(NO_ADDRESS, { ...NO_ADDRESS, name: 'b' });
    const fill = { interfaceAddresses: { pools: POOL }, generatesKeys: true };
    const { rows: filled, notes } = fillPairs(rows, fill, SETTINGS, NOBODY, POOL);
    expect(filled.map(({ cells, generatesKey }) => [cells.interface_address, generatesKey])).toEqual([
      ['10.0.0.0/31', true],
      ['10.0.0.2/31', true],
      ['10.0.0.4/31', true],
      ['10.0.0.6/31', true],
    ]);
    expect(notes).toEqual([
      'Pre-shared key: filled in 2 rows.',
      'Pairs: a second tunnel for 2 rows.',
      'Interface address: filled in 4 rows.',
    ]);
  });

  it('have the second one in the /24 of the first, where no pool is asked for and it has room', () => {
    const rows = rowsOf({ interface_address: '10.77.1.32/31' }, NO_ADDRESS, { interface_address: '10.9.0.2/31' });
    const taken = {
      tunnels: [{ interface_address: '10.77.0.0/31' }, { interface_address: '10.77.0.2/31' }],
      others: [{ interface_address: '10.77.1.0/30' }, { interface_address: '10.9.0.0/16' }],
    };
    expect(addresses(rows, { interfaceAddresses: {} }, SETTINGS, taken)).toEqual([
      '10.77.1.32/31',
      '10.77.1.4/31',
      '10.77.0.6/31',
      '10.77.0.8/31',
      '10.9.0.2/31',
      '10.77.0.4/31',
    ]);
  });
});
