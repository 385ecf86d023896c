// A spreadsheet of tunnels as a team rolls them out, for the import: every column that is filled in practice, and the
// mistakes of people.

import { ACCOUNT_ID } from './samples.ts';

const HEADERS = [
  ...['name', 'description', 'cloudflare_endpoint', 'customer_endpoint', 'interface_address', 'interface_address6'],
  ...['custom_remote_identities.fqdn_id', 'health_check.enabled', 'health_check.rate', 'health_check.type'],
  ...['health_check.direction', 'bgp.customer_asn', 'bgp.md5_key', 'bgp.extra_prefixes'],
];
/** Each so many rows: a name that an earlier row has, host bits, and no prefix length. */
const MISTAKES = { sameName: 100, hostBits: 20, noPrefixLength: 50 } as const;

/** How many of so many hundreds of rows have one: in each hundred 20, 40, 50, 60, 80, 99 and 100. */
export const issuesIn = (rows: number): number => (rows / 100) * 7;

/** CSV with so many rows, none of which meets the tunnels of `listOf`. */
export function importFile(rows: number): string {
  return [HEADERS, ...Array.from({ length: rows }, (_, index) => cellsOf(index))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\r\n');
}

function cellsOf(index: number): string[] {
  const has = (mistake: keyof typeof MISTAKES) => index % MISTAKES[mistake] === MISTAKES[mistake] - 1;
  const name = `site-${has('sameName') ? index - 1 : index}`;
  const [high, low] = [index >> 7, 2 * (index & 127)];
  return [
    name,
    `Site ${index}, first router; owner: network operations, "gold"`,
    index % 2 === 0 ? '162.159.64.1' : '162.159.65.1',
    `198.18.${index >> 8}.${index & 255}`,
    `172.16.${high}.${low}${has('noPrefixLength') ? '' : '/31'}`,
    `2001:db8:300:${index.toString(16)}::2/127`,
    `site-${index}.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`,
    ...['TRUE', 'mid', 'request', 'bidirectional'],
    String(64_512 + index),
    'a guard against mistakes',
    `10.${100 + (index >> 8)}.${index & 255}.${has('hostBits') ? 1 : 0}/24 172.20.8.0/21`,
  ];
}

function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
