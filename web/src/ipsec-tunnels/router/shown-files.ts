// Files as they are shown while their keys are hidden: without a character of the keys, however a file writes them.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import type { ConfigurationFile } from '@tunnel-desk/shared/routers/configuration';
import { type KeyOf, makeConfiguration, type RouterOfTunnels } from './make-configuration.ts';
import { refusedKeys } from './refused-keys.ts';

export interface ShownFile {
  /** As it is copied and downloaded. */
  readonly file: ConfigurationFile;
  /** Its content with dots for the keys. */
  readonly masked: string;
  /** The kinds of keys in it. */
  readonly secrets: readonly Secret[];
}

export type Secret = 'pre-shared key' | 'MD5 key';

export const MASK = '••••••••';
/** Keys that have nothing in common, in Base64 and hexadecimal either. */
const STAND_INS = ['a'.repeat(15), 'Z'.repeat(15)] as const;

/** The files of a router with what to show of them; `files` are those that the router and its keys make. */
export function shownFiles(router: RouterOfTunnels, keyOf: KeyOf, files: readonly ConfigurationFile[]): ShownFile[] {
  const refused = new Set(refusedKeys(router, keyOf).map(({ tunnelId }) => tunnelId));
  // A key that the router does not take is in no file, and a stand-in would be.
  const standInOf = (key: string) => (id: string) => (refused.has(id) ? keyOf(id) : keyOf(id) && key);
  const withoutKeys = maskedContents((key) => filesOf(router, standInOf(key)));
  const withoutAny = maskedContents((key) =>
    filesOf({ ...router, tunnels: router.tunnels.map((tunnel) => withMd5Key(router, tunnel, key)) }, standInOf(key)),
  );
  return files.map((file) => {
    const masked = withoutAny.get(file.name) ?? MASK;
    const half = withoutKeys.get(file.name) ?? MASK;
    const secrets: Secret[] = [];
    if (half !== file.content) secrets.push('pre-shared key');
    if (half !== masked) secrets.push('MD5 key');
    return { file, masked, secrets };
  });
}

/** The tunnel with another MD5 key, where its own is in the files at all. */
function withMd5Key(router: RouterOfTunnels, tunnel: IpsecTunnel, key: string): IpsecTunnel {
  if (!tunnel.bgp?.md5_key) return tunnel;
  const { md5_key: _, ...bgp } = tunnel.bgp;
  const contents = (one: IpsecTunnel) => filesOf({ ...router, tunnels: [one] }).map(({ content }) => content);
  const isWritten = contents(tunnel).join() !== contents({ ...tunnel, bgp }).join();
  return isWritten ? { ...tunnel, bgp: { ...bgp, md5_key: key } } : tunnel;
}

function filesOf(router: RouterOfTunnels, keyOf?: KeyOf): readonly ConfigurationFile[] {
  const made = makeConfiguration(router, keyOf);
  return made.kind === 'made' ? made.files : [];
}

/** By file name. Where two keys lead to different texts, there the key is: it is shown as dots. */
function maskedContents(make: (key: string) => readonly ConfigurationFile[]): ReadonlyMap<string, string> {
  const [first, second] = STAND_INS;
  const others = new Map(make(second).map(({ name, content }) => [name, content]));
  return new Map(make(first).map(({ name, content }) => [name, maskDifferences(content, others.get(name) ?? '')]));
}

function maskDifferences(one: string, other: string): string {
  const others = other.split('\n');
  return one
    .split('\n')
    .map((line, index) => maskDifference(line, others[index] ?? ''))
    .join('\n');
}

function maskDifference(one: string, other: string): string {
  if (one === other) return one;
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return one.slice(0, start) + MASK + one.slice(one.length - end);
}
