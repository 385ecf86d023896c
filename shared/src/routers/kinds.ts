// The routers that the desk writes a configuration for.

export const ROUTER_KINDS = [
  'linux',
  'vyos',
  'ios-xe',
  'fortigate',
  'pfsense',
  'srx',
  'palo-alto',
  'unifi',
  'aws',
  'azure',
] as const;
export type RouterKind = (typeof ROUTER_KINDS)[number];

export const ROUTER_NAMES: Readonly<Record<RouterKind, string>> = {
  linux: 'Linux (strongSwan and FRR)',
  vyos: 'VyOS',
  'ios-xe': 'Cisco IOS XE',
  fortigate: 'Fortinet FortiGate',
  pfsense: 'pfSense',
  srx: 'Juniper SRX',
  'palo-alto': 'Palo Alto Networks',
  unifi: 'Ubiquiti UniFi',
  aws: 'AWS Transit Gateway',
  azure: 'Azure VPN Gateway',
};

/** Words that a description of a tunnel to such a router may have, without case. */
const WORDS: Readonly<Record<RouterKind, RegExp>> = {
  linux: /\b(?:linux|debian|ubuntu|rhel|rocky|alma|strongswan|frr)\b/i,
  vyos: /\bvyos\b/i,
  'ios-xe': /\b(?:cisco|ios[ -]?xe|isr|asr|csr|catalyst|c8\d{3}\w*)\b/i,
  fortigate: /\b(?:forti\w*)\b/i,
  pfsense: /\bpfsense\b/i,
  srx: /\b(?:juniper|srx\d*|junos)\b/i,
  'palo-alto': /\b(?:palo ?alto|pan-?os|pa-\d+)\b/i,
  unifi: /\b(?:unifi|ubiquiti|udm|uxg)\b/i,
  aws: /\b(?:aws|amazon|transit gateway|tgw)\b/i,
  azure: /\bazure\b/i,
};

/** The kind that a description names; `undefined` where it names none, or more than one. */
export function guessRouterKind(description: string | undefined): RouterKind | undefined {
  const named = ROUTER_KINDS.filter((kind) => WORDS[kind].test(description ?? ''));
  return named.length === 1 ? named[0] : undefined;
}
