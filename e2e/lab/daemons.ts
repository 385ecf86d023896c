// strongSwan and FRR on a machine of the lab, with their files where Debian has them.

import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon, Machine } from './world.ts';

/** For what hangs, not for what is slow. */
const START_TIMEOUT_MS = 300_000;
const POLL_EVERY_MS = 20;

/** Who encrypts: charon itself, through a TUN device, or the kernel. */
export type Encryption = 'charon' | 'kernel';

/**
 * Charon's plugins, and its log where this process sees it. A build machine's kernel has often no ESP, and never a module that
 * this could load: see strongswan.conf(5), charon.plugins.kernel-libipsec. That plugin's own route to its device, for every
 * address, comes after the main table and so is never used: what goes into the tunnel is what the router's routes say.
 */
function strongswanConf(by: Encryption): string {
  const libipsec = by === 'charon' ? 'kernel-libipsec ' : '';
  return `charon-systemd {
  load = random nonce openssl kdf pem pkcs1 x509 revocation constraints pubkey ${libipsec}kernel-netlink socket-default vici
  routing_table_prio = 40000
  plugins {
    kernel-libipsec {
      allow_peer_ts = yes
    }
  }
  filelog {
    stderr {
      default = 1
    }
  }
}
swanctl {
  load = random openssl pem pkcs1 x509 pubkey
}
include /etc/strongswan.d/cloudflare*.conf
`;
}

/** Starts charon and waits until it takes configurations. Nothing is loaded yet. */
export async function startCharon(machine: Machine, by: Encryption): Promise<Daemon> {
  await machine.write('/etc/strongswan.conf', strongswanConf(by));
  const charon = machine.start('charon-systemd', []);
  await untilCharonResponds(machine, charon);
  return charon;
}

export async function untilCharonResponds(machine: Machine, charon: Daemon): Promise<void> {
  await untilSucceeds(machine, 'swanctl', ['--stats'], charon);
}

/** What `swanctl --load-all` says of the files in /etc/swanctl. Its status does not tell a file that it could not parse. */
export async function loadSwanctl(machine: Machine): Promise<string> {
  return (await machine.try('swanctl', ['--load-all', '--noprompt'])).output;
}

/** Starts zebra, staticd and bgpd with nothing configured. */
export async function startFrr(machine: Machine): Promise<void> {
  await machine.run('install', ['-d', '-o', 'frr', '-g', 'frr', '/run/frr']);
  for (const daemon of ['zebra', 'staticd', 'bgpd']) {
    const running = machine.start(`/usr/lib/frr/${daemon}`, []);
    await untilSucceeds(machine, 'vtysh', ['-d', daemon, '-c', 'show version'], running);
  }
}

/** Has FRR take a configuration, beside what it has. */
export async function loadFrr(machine: Machine, configuration: string): Promise<void> {
  await machine.write('/run/frr.conf', configuration);
  await machine.run('vtysh', ['-f', '/run/frr.conf']);
}

async function untilSucceeds(machine: Machine, command: string, args: readonly string[], of: Daemon): Promise<void> {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const { status, output } = await machine.try(command, args);
    if (status === 0) return;
    if (!of.isRunning() || performance.now() > giveUpAt) {
      throw new Error(`${machine.name}: ${command} ${args.join(' ')} never succeeded: ${output}\n${of.log()}`);
    }
    await delay(POLL_EVERY_MS);
  }
}
