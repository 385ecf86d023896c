// strongSwan and FRR on a machine of the lab, started as Debian's services start them, from the files in the same places.

import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon, Machine } from './world.ts';

/** For what hangs, not for what is slow. */
const START_TIMEOUT_MS = 120_000;
const POLL_EVERY_MS = 20;

/**
 * The plugins, and ESP by charon itself through a TUN device: the kernel of a build machine has often no ESP, and never a
 * module that this could load. See strongswan.conf(5), charon.plugins.kernel-libipsec. Its own route to that device, for every
 * address, comes after the main table and so is never used: what goes into the tunnel is what the router's routes say.
 */
const STRONGSWAN_CONF = `charon-systemd {
  load = random nonce openssl kdf pem pkcs1 x509 revocation constraints pubkey kernel-libipsec kernel-netlink socket-default vici
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

/** Starts charon, which makes the TUN device, and waits until it takes configurations. Nothing is loaded yet. */
export async function startCharon(machine: Machine): Promise<Daemon> {
  await machine.write('/etc/strongswan.conf', STRONGSWAN_CONF);
  const charon = machine.start('charon-systemd', []);
  await untilSucceeds(machine, 'swanctl', ['--stats'], charon);
  return charon;
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
