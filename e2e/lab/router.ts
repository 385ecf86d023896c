// The router at the other end of the tunnels, which has nothing but the files that the desk gave for it.

import { loadFrr, loadSwanctl, startCharon, startFrr } from './daemons.ts';
import { makeTunnel } from './network.ts';
import type { Daemon, Machine } from './world.ts';

/** The desk's files, by name, each exactly as it was given. */
export type RouterFiles = ReadonlyMap<string, string>;

export function fileOf(files: RouterFiles, name: string): string {
  const content = files.get(name);
  if (content === undefined) throw new Error(`the desk gave no ${name}, but ${[...files.keys()].join(', ')}`);
  return content;
}

/** The interfaces of the tunnels, as the files name them. */
export function interfaceNames(files: RouterFiles): readonly string[] {
  const names = [...fileOf(files, 'mss.nft').matchAll(/"(cf-[^"]+)"/g)].map(([, name = '']) => name);
  return [...new Set(names)];
}

/**
 * Starts charon with the files, and gives its device the place of the first tunnel's interface: the kernel may have no XFRM
 * interfaces. Returns what swanctl said of them.
 */
export async function startRouterIpsec(
  router: Machine,
  files: RouterFiles,
  address: string,
): Promise<{ readonly charon: Daemon; readonly loaded: string }> {
  await router.write('/etc/strongswan.d/cloudflare.conf', fileOf(files, 'strongswan.conf'));
  await router.write('/etc/swanctl/conf.d/cloudflare.conf', fileOf(files, 'swanctl.conf'));
  const charon = await startCharon(router, 'charon');
  const [first = ''] = interfaceNames(files);
  await makeTunnel(router, first, address);
  return { charon, loaded: await loadSwanctl(router) };
}

/** Has the kernel take what the files say of forwarding, the address and routes of one tunnel's interface, which is there. */
export async function setUpInterface(router: Machine, files: RouterFiles): Promise<void> {
  await router.run('sysctl', ['-q', '-p', '-'], fileOf(files, 'sysctl.conf'));
  await router.run('sh', ['-s'], fileOf(files, 'interfaces.sh'));
}

/** Starts FRR, and has it take the file. */
export async function startRouterBgp(router: Machine, files: RouterFiles): Promise<void> {
  await startFrr(router);
  await loadFrr(router, fileOf(files, 'frr.conf'));
}
