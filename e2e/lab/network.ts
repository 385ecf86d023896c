// The machines of the lab and the cables between them:
//
//   host --- router === the internet === edge --- far
//
// The router has the customer endpoint, the edge the Cloudflare endpoints. Nothing but the tunnels leads from host to far.

import type { Machine, World } from './world.ts';

export const UPLINK = 'eth0';
export const LAN_PREFIX = '192.168.50.0/24';
export const HOST_ADDRESS = '192.168.50.20';
/** What is behind Cloudflare, and what the router has to learn the way to. */
export const FAR_PREFIX = '192.168.99.0/24';
export const FAR_ADDRESS = '192.168.99.10';

/** The TUN device that charon makes where it handles ESP itself. */
const CHARON_DEVICE = 'ipsec0';

/** The addresses inside a tunnel. */
export interface Link {
  readonly cloudflareAddress: string;
  readonly routerAddress: string;
}

export interface Network {
  readonly host: Machine;
  readonly router: Machine;
  readonly edge: Machine;
  readonly far: Machine;
}

export async function createNetwork(
  world: World,
  { customerEndpoint, endpoints }: { readonly customerEndpoint: string; readonly endpoints: readonly string[] },
): Promise<Network> {
  const [host, router, edge, far] = await Promise.all([
    world.addMachine('host'),
    world.addMachine('router'),
    world.addMachine('edge'),
    world.addMachine('far'),
  ]);
  await world.connect([router, UPLINK], [edge, 'eth0']);
  await world.connect([host, 'eth0'], [router, 'lan0']);
  await world.connect([far, 'eth0'], [edge, 'eth1']);

  await configure(router, [
    `addr add ${customerEndpoint}/32 dev ${UPLINK}`,
    'addr add 192.168.50.1/24 dev lan0',
    `link set ${UPLINK} up`,
    'link set lan0 up',
    `route add default dev ${UPLINK}`,
  ]);
  await configure(edge, [
    ...endpoints.map((endpoint) => `addr add ${endpoint}/32 dev eth0`),
    'addr add 192.168.99.1/24 dev eth1',
    'link set eth0 up',
    'link set eth1 up',
    `route add ${customerEndpoint} dev eth0`,
  ]);
  await configure(host, [
    `addr add ${HOST_ADDRESS}/24 dev eth0`,
    'link set eth0 up',
    'route add default via 192.168.50.1',
  ]);
  await configure(far, [
    `addr add ${FAR_ADDRESS}/24 dev eth0`,
    'link set eth0 up',
    'route add default via 192.168.99.1',
  ]);
  await edge.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1']);
  return { host, router, edge, far };
}

/** Gives charon's TUN device the name and the address of a tunnel's interface. */
export async function makeTunnel(machine: Machine, name: string, address: string): Promise<void> {
  await configure(machine, [
    `link set ${CHARON_DEVICE} down`,
    // As wide as a cable, so that what is seen of the largest segment is the router's doing, and not this device's.
    `link set ${CHARON_DEVICE} name ${name} mtu 1500`,
    `addr add ${address} dev ${name}`,
    `link set ${name} up`,
    // For charon, which goes on to add a route by the old name.
    `tuntap add ${CHARON_DEVICE} mode tun`,
    `link set ${CHARON_DEVICE} up`,
  ]);
}

async function configure(machine: Machine, commands: readonly string[]): Promise<void> {
  await machine.run('ip', ['-batch', '-'], `${commands.join('\n')}\n`);
}
