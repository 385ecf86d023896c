import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { untouchedSettings } from '../src/ipsec-tunnels/router/router-fields.ts';
import { makeSeveral, routersOf } from '../src/ipsec-tunnels/router/several-routers.ts';
import { zipFolders } from '../src/ipsec-tunnels/router/zip-files.ts';

const AT = new Date('2026-11-25T12:00:00Z');
const CONTEXT = { accountId: 'a'.repeat(32), deskVersion: '1.2.3', at: AT };
const SETTINGS: RouterSettings = { ...untouchedSettings('linux', {}), uplink: 'eth0', remotePrefixes: ['10.9.0.0/16'] };

function tunnel(digit: number, values: Partial<IpsecTunnel> = {}): IpsecTunnel {
  return {
    id: String(digit).repeat(32),
    name: `branch-${digit}`,
    cloudflare_endpoint: '198.51.100.1',
    interface_address: `10.0.0.${2 * digit}/31`,
    ...values,
  };
}

describe('the routers of several tunnels', () => {
  const [one, two, three] = [tunnel(1), tunnel(2), tunnel(3)] as const;
  const kept = [{ tunnelId: one.id, settings: { ...SETTINGS, pairedWith: two.id } }];

  it('are as many as there are tunnels where nothing is kept', () => {
    const routers = routersOf([one, two], [one, two, three], []);
    expect(routers.map(({ tunnels }) => tunnels)).toEqual([[one], [two]]);
    expect(routers.map(({ settings }) => settings)).toEqual([undefined, undefined]);
  });

  it('are one for a pair, whichever of the two comes first', () => {
    for (const chosen of [
      [one, two],
      [two, one],
    ]) {
      const routers = routersOf([...chosen, three], [one, two, three], kept);
      expect(routers.map(({ tunnels }) => tunnels)).toEqual([[one, two], [three]]);
      expect(routers[0]?.settings).toMatchObject({ uplink: 'eth0' });
    }
  });

  it('are one for a pair that was made as one, unless something else was entered for either since', () => {
    const made = new Map([
      [one.id, three.id],
      [three.id, one.id],
    ]);
    const tunnelsOf = (keptNow: typeof kept) =>
      routersOf([three, two, one], [one, two, three], keptNow, made).map(({ tunnels }) => tunnels);
    expect(tunnelsOf([])).toEqual([[one, three], [two]]);
    expect(tunnelsOf(kept)).toEqual([[three], [one, two]]);
    const [pair] = routersOf([one, three], [one, two, three], [], made);
    const folders = makeSeveral(pair ? [pair] : [], SETTINGS, CONTEXT).folders;
    expect(folders.map(({ name }) => name)).toEqual(['branch-1']);
    expect(folders[0]?.files[0]?.content).toContain('Tunnel branch-3,');
  });

  it('bring along the other tunnel of a pair that was not chosen', () => {
    expect(routersOf([two], [one, two, three], kept).map(({ tunnels }) => tunnels)).toEqual([[one, two]]);
  });

  it('leave out the other tunnel of a pair that is gone', () => {
    expect(routersOf([one], [one, three], kept).map(({ tunnels }) => tunnels)).toEqual([[one]]);
  });
});

describe('the configurations of several routers', () => {
  it('are a folder each, with the files of one router alone', () => {
    const pair = { tunnels: [tunnel(1), tunnel(2)], settings: SETTINGS };
    const single = { tunnels: [tunnel(3)], settings: { ...SETTINGS, kind: 'vyos' } as const };
    const { folders, missing } = makeSeveral([pair, single], undefined, CONTEXT);
    expect(missing).toEqual([]);
    expect(folders.map(({ name }) => name)).toEqual(['branch-1', 'branch-3']);
    const contents = unzipSync(zipFolders(folders, AT));
    const swanctl = strFromU8(contents['branch-1/swanctl.conf'] ?? new Uint8Array());
    expect(swanctl).toContain('Tunnel branch-1,');
    expect(swanctl).toContain('Tunnel branch-2,');
    expect(Object.keys(contents).filter((path) => path.startsWith('branch-3/'))).toEqual(['branch-3/vyos.txt']);
  });

  it('follow what was entered for those of which nothing is kept', () => {
    const unkept = { tunnels: [tunnel(1)], settings: undefined };
    expect(makeSeveral([unkept], undefined, CONTEXT)).toEqual({ folders: [], missing: [] });
    const { folders } = makeSeveral([unkept], { ...SETTINGS, kind: 'fortigate', uplink: 'wan1' }, CONTEXT);
    expect(folders[0]?.files.map(({ name }) => name)).toEqual(['fortigate.conf']);
  });

  it('have folders of their own where names are alike', () => {
    const routers = [tunnel(1, { name: 'Büro 1' }), tunnel(2, { name: 'B-ro 1' })].map((each) => ({
      tunnels: [each],
      settings: SETTINGS,
    }));
    const names = makeSeveral(routers, undefined, CONTEXT).folders.map(({ name }) => name);
    expect(names).toEqual(['b-ro-1', `b-ro-1-${'2'.repeat(32)}`]);
  });

  it('name the tunnels that no configuration can be made for', () => {
    const broken = tunnel(4, { cloudflare_endpoint: 'none' });
    const { folders, missing } = makeSeveral([{ tunnels: [broken], settings: SETTINGS }], undefined, CONTEXT);
    expect(folders).toEqual([]);
    expect(missing).toEqual([{ tunnel: broken, why: 'Its Cloudflare endpoint is not an IP address.' }]);
  });
});
