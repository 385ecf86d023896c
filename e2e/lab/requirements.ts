// What the lab needs of the machine it runs on.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isRootOnDebian, missingPackages } from '../support/debian.ts';

export const LAB_PACKAGES = [
  'strongswan-swanctl',
  'charon-systemd',
  'libcharon-extra-plugins',
  'libstrongswan-standard-plugins',
  'frr',
  'iproute2',
  'iputils-ping',
  'nftables',
  'procps',
  'python3',
];

/** What a world is made with. */
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', 'ip', 'link', 'set', 'lo', 'up'];

/** Why the lab cannot run here, as the end of a sentence; `undefined` where it can. */
export function missingRequirement(): string | undefined {
  if (!isRootOnDebian()) return 'it needs root on Debian';
  const missing = missingPackages(LAB_PACKAGES);
  if (missing.length > 0) return `it needs these packages: ${missing.join(' ')}`;
  if (!existsSync('/dev/net/tun')) return 'this machine has no TUN devices';
  if (spawnSync('unshare', NAMESPACES).status !== 0) return 'this process may make no namespaces';
  return undefined;
}
