// What the cells of an import show, and what one can choose from while one edits them.

import {
  HEALTH_CHECK_DIRECTIONS,
  HEALTH_CHECK_RATES,
  HEALTH_CHECK_TYPES,
} from '@tunnel-desk/shared/ipsec-tunnels/fields';
import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { type ImportRow, rowName } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { CheckedRow } from './import-table.ts';

const MASKED: ReadonlySet<IpsecTunnelField> = new Set(['psk', 'bgp.md5_key']);
const MASK = '••••••••';
const FLAGS = ['true', 'false'];

/** Whether what a cell holds is shown to nobody unasked. */
export function isMasked(field: IpsecTunnelField): boolean {
  return MASKED.has(field);
}

const PROSE: ReadonlySet<IpsecTunnelField> = new Set(['name', 'description', 'psk']);

/** Whether a cell is in the face of the page, not in that of addresses, numbers and words of the API. */
export function isProse(field: IpsecTunnelField): boolean {
  return PROSE.has(field);
}

/** What stands in a cell: never a key. */
export function shownText({ cells, generatesKey, sharesKeyWith }: ImportRow, field: IpsecTunnelField): string {
  const text = cells[field] ?? '';
  if (field === 'psk' && text === '') {
    if (sharesKeyWith !== undefined) return `As in ${rowName(sharesKeyWith)}`;
    return generatesKey ? 'Generated' : '';
  }
  return text !== '' && isMasked(field) ? MASK : text;
}

/** What the row is called, where it has a name. */
export function rowTitle({ number, cells }: ImportRow): string {
  const name = cells.name?.trim();
  const called = `R${rowName(number).slice(1)}`;
  return name ? `${called}, ${name}` : called;
}

/** The values to choose from beside typing one. */
export function choicesOf(field: IpsecTunnelField, cloudflareEndpoints: readonly string[]): readonly string[] {
  switch (field) {
    case 'cloudflare_endpoint':
      return cloudflareEndpoints;
    case 'replay_protection':
    case 'automatic_return_routing':
    case 'health_check.enabled':
      return FLAGS;
    case 'health_check.rate':
      return HEALTH_CHECK_RATES;
    case 'health_check.type':
      return HEALTH_CHECK_TYPES;
    case 'health_check.direction':
      return HEALTH_CHECK_DIRECTIONS;
    default:
      return [];
  }
}

/** How a cell is marked: by the worst that is said of it. What is merely worth knowing marks nothing. */
export function markOf({ issues, advisories }: CheckedRow, field: IpsecTunnelField): 'issue' | 'risk' | undefined {
  if (issues.some((issue) => issue.field === field)) return 'issue';
  return advisories.some((each) => each.field === field && each.severity === 'risk') ? 'risk' : undefined;
}

/** What is said of one cell. */
export function issuesAt({ issues, advisories }: CheckedRow, field: IpsecTunnelField): readonly CellIssue[] {
  return [...issues, ...advisories].filter((each) => each.field === field);
}
