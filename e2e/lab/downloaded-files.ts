// The files as a person gets them: from the running desk, in Chromium, the keys typed on the page.

import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { strFromU8, unzipSync } from 'fflate';
import { field } from '../support/form.ts';
import { tunnelUrl } from '../support/tunnel-pages.ts';
import { LAN_PREFIX, UPLINK } from './network.ts';
import type { RouterFiles } from './router.ts';

export interface TunnelWithKey {
  readonly tunnel: IpsecTunnel;
  readonly psk: string;
}

/** Downloads the files for a Linux router that has these tunnels: one, or a pair. */
export async function downloadFiles(
  page: Page,
  tunnels: readonly [TunnelWithKey, TunnelWithKey?],
): Promise<RouterFiles> {
  const [{ tunnel, psk }, partner] = tunnels;
  await page.goto(tunnelUrl(tunnel));
  await field(page, 'Kind of router').selectOption('linux');
  if (partner !== undefined) await field(page, 'Another tunnel to the same router').selectOption(partner.tunnel.name);
  await field(page, 'Interface to the internet').fill(UPLINK);
  await field(page, 'Networks behind the router').fill(LAN_PREFIX);
  await page.getByLabel('Write the pre-shared key into the files').click();
  if (partner === undefined) await field(page, 'Pre-shared key').fill(psk);
  else {
    await field(page, `Pre-shared key of ${tunnel.name}`).fill(psk);
    await field(page, `Pre-shared key of ${partner.tunnel.name}`).fill(partner.psk);
  }
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download all' }).click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  return new Map(Object.entries(archive).map(([path, content]) => [path.replace(/^.*\//, ''), strFromU8(content)]));
}
