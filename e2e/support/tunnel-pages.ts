// What the specs of one tunnel's pages begin with, and do again and again.

import type { Locator, Page } from '@playwright/test';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { ACCOUNT, type Desk } from './desk.ts';

/** A tunnel as somebody created it: with a key, BGP and a description. */
export const TUNNEL = {
  name: 'branch-ams-1',
  description: 'To the Amsterdam office',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  psk: 'the key that the router has',
  health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' },
  bgp: { customer_asn: 65001, md5_key: 'guard-1', extra_prefixes: ['10.1.0.0/16'] },
} as const;

export function tunnelUrl({ id }: IpsecTunnel): string {
  return `/accounts/${ACCOUNT.id}/ipsec-tunnels/${id}`;
}

/** Creates a tunnel past the desk, with other values where they are given, and opens its page. */
export async function openTunnel(page: Page, desk: Desk, values: object = {}): Promise<IpsecTunnel> {
  const tunnel = await desk.createElsewhere({ ...TUNNEL, ...values });
  await page.goto(tunnelUrl(tunnel));
  await page.getByRole('heading', { level: 1, name: tunnel.name }).waitFor();
  return tunnel;
}

/** The same, and opens its form. */
export async function openEdit(page: Page, desk: Desk, values: object = {}): Promise<IpsecTunnel> {
  const tunnel = await desk.createElsewhere({ ...TUNNEL, ...values });
  await page.goto(`${tunnelUrl(tunnel)}/edit`);
  await page.getByRole('heading', { level: 1, name: `Edit ${tunnel.name}` }).waitFor();
  return tunnel;
}

export function saveButton(page: Page): Locator {
  return page.getByRole('button', { name: 'Save', exact: true });
}

/** What the panel says that saving would change. */
export function changeList(page: Page): Locator {
  return page.getByRole('region', { name: 'What changes' });
}

/** Goes to a control by Tab alone. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${control}`);
}

/** Everything the browser keeps of the page beside its document. */
export function browserStorage(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify([{ ...sessionStorage }, { ...localStorage }, history.state, window.location.href]),
  );
}
