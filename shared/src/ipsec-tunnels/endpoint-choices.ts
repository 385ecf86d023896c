// Which Cloudflare endpoints a tunnel can have: those this desk was told of, and those the account's tunnels have.

import { formatIp, parseIp } from '../ip/address.ts';
import type { KnownTunnel } from './conflicts.ts';

/**
 * The endpoints that were configured and those in use, the one of most tunnels first, then in the order they were
 * configured in. Each address is there once, however it is spelled, and as it was configured.
 */
export function endpointChoices(
  configured: readonly string[],
  tunnels: readonly Pick<KnownTunnel, 'cloudflare_endpoint'>[],
): string[] {
  const choices = new Map<string, { readonly text: string; uses: number }>();
  for (const text of configured) {
    const address = canonical(text);
    if (address !== undefined && !choices.has(address)) choices.set(address, { text, uses: 0 });
  }
  // Thousands of tunnels have a few texts here.
  for (const [text, count] of countTexts(tunnels)) {
    const address = canonical(text);
    if (address === undefined) continue;
    const choice = choices.get(address) ?? { text: address, uses: 0 };
    choice.uses += count;
    choices.set(address, choice);
  }
  return [...choices.values()].toSorted((a, b) => b.uses - a.uses).map(({ text }) => text);
}

function countTexts(tunnels: readonly Pick<KnownTunnel, 'cloudflare_endpoint'>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { cloudflare_endpoint: text = '' } of tunnels) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function canonical(text: string): string | undefined {
  const address = parseIp(text);
  return address && formatIp(address);
}
