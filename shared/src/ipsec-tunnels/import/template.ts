// A file to begin an import with: what each column takes, as comments, every column, and three rows as they may be.

import { CELL_FIELDS } from '../cells.ts';
import { HEALTH_CHECK_DIRECTIONS, HEALTH_CHECK_RATES, HEALTH_CHECK_TYPES } from '../fields.ts';
import { IPSEC_TUNNEL_LABELS } from '../labels.ts';
import type { IpsecTunnelField } from '../request.ts';
import { COMMENT_MARK } from './columns.ts';
import type { ImportCells } from './rows.ts';

const FLAG = 'true or false.';

/** What each column takes, in sentences. */
export const COLUMN_EXPLANATIONS: Readonly<Record<IpsecTunnelField, string>> = {
  name: 'Required. Letters, digits, - _ and . only; no other tunnel of the account has it.',
  description: 'Any text.',
  cloudflare_endpoint: 'Required. One of the two anycast addresses Cloudflare assigned to the account.',
  customer_endpoint: "The router's public address.",
  interface_address:
    "Required. Cloudflare's side of a private IPv4 /31, such as 10.0.0.0/31; the router has the other address.",
  interface_address6: "Cloudflare's side of an IPv6 /127: its first address.",
  psk: 'A key of its own. Leave it empty to have one generated, or to set it later.',
  replay_protection: `${FLAG} false when empty.`,
  automatic_return_routing: `${FLAG} false when empty.`,
  'custom_remote_identities.fqdn_id': "The identity's label alone, or the whole identity.",
  'health_check.enabled': `${FLAG} true when empty.`,
  'health_check.rate': `${oneOf(HEALTH_CHECK_RATES)} mid when empty.`,
  'health_check.type': `${oneOf(HEALTH_CHECK_TYPES)} reply when empty.`,
  'health_check.direction': oneOf(HEALTH_CHECK_DIRECTIONS),
  'health_check.target': 'An IP address. Cloudflare takes the customer endpoint when it is empty.',
  'bgp.customer_asn':
    "The router's AS number. Required where another bgp column is filled; leave them all empty for no BGP.",
  'bgp.md5_key': 'ASCII characters but for " and ?.',
  'bgp.extra_prefixes': 'Prefixes such as 10.1.0.0/16, with blanks between them.',
  'bgp.import_filter_id': 'The ID of a BGP filter profile: 32 hexadecimal characters.',
  'bgp.export_filter_id': 'The ID of a BGP filter profile: 32 hexadecimal characters.',
};

const EXAMPLES: readonly ImportCells[] = [
  {
    name: 'branch-1',
    description: 'The least a tunnel needs, and where its router is',
    cloudflare_endpoint: '162.159.64.1',
    customer_endpoint: '203.0.113.1',
    interface_address: '10.0.0.0/31',
  },
  {
    name: 'branch-2',
    description: 'With health checks that a Linux router responds to, and an identity of its own',
    cloudflare_endpoint: '162.159.64.1',
    customer_endpoint: '203.0.113.2',
    interface_address: '10.0.0.2/31',
    replay_protection: 'false',
    'custom_remote_identities.fqdn_id': 'branch-2',
    'health_check.type': 'request',
    'health_check.direction': 'bidirectional',
  },
  {
    name: 'branch-3',
    description: 'With BGP',
    cloudflare_endpoint: '162.159.65.1',
    customer_endpoint: '203.0.113.3',
    interface_address: '10.0.0.4/31',
    'health_check.rate': 'mid',
    'bgp.customer_asn': '65001',
    'bgp.extra_prefixes': '10.1.0.0/16 10.2.0.0/16',
  },
];

/** The file's text, in CSV (RFC 4180). The byte order mark has spreadsheets read it as UTF-8. */
export function importTemplate(): string {
  const comments = [
    'Each row below the headers becomes a tunnel. Lines that begin like this one are not read. Replace the three examples.',
    ...CELL_FIELDS.map((field) => `${field} (${IPSEC_TUNNEL_LABELS[field]}): ${COLUMN_EXPLANATIONS[field]}`),
  ];
  const lines = [
    ...comments.map((comment) => [`${COMMENT_MARK} ${comment}`]),
    CELL_FIELDS,
    ...EXAMPLES.map((cells) => CELL_FIELDS.map((field) => cells[field] ?? '')),
  ];
  return `\ufeff${lines.map((cells) => `${cells.map(quoteCell).join(',')}\r\n`).join('')}`;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function oneOf(words: readonly string[]): string {
  return `One of ${words.join(', ')}.`;
}
