// How a batch ended, as rows of a CSV file. No key is in it.

import type { BatchRow, RowState } from '../../api/batches.ts';
import { formatCidr, parseCidr, peerAddress } from '../../ip/cidr.ts';
import { valueAt } from '../../value-at.ts';
import { escapeFormula } from '../cells.ts';
import { type Identity, identitiesOf } from '../identities.ts';
import { rowLabel } from '../import/rows.ts';
import type { IpsecTunnel } from '../tunnel.ts';

export const BATCH_COLUMNS = [
  'row',
  'outcome',
  'name',
  'id',
  'cloudflare_endpoint',
  'customer_endpoint',
  'interface_address',
  'router_interface_address',
  'interface_address6',
  'router_interface_address6',
  'fqdn_identity',
  'user_fqdn_identity',
  'hex_identity',
  'custom_identity',
  'description',
  'errors',
] as const;

const OUTCOMES: Readonly<Record<RowState, string>> = {
  'not-tried': 'not tried',
  'under-way': 'under way',
  created: 'created',
  'not-created': 'not created',
  unknown: 'not known',
};

/**
 * A row's cells, in the order of {@link BATCH_COLUMNS}. `tunnel` is what it made, where it is at hand: the identities that a
 * router may have are Cloudflare's to tell. No spreadsheet takes a cell for a formula.
 */
export function toBatchCells(row: BatchRow, accountId: string, tunnel?: IpsecTunnel): string[] {
  const made = tunnel ?? row.request;
  const text = (field: string) => {
    const value = valueAt(made, [field]);
    return typeof value === 'string' ? value : '';
  };
  const identities = tunnel ? identitiesOf(accountId, tunnel) : [];
  const identity = (wanted: Identity['kind']) => identities.find(({ kind }) => kind === wanted)?.value ?? '';
  const cells: Record<(typeof BATCH_COLUMNS)[number], string> = {
    row: rowLabel(row.importRow ?? row.number),
    outcome: OUTCOMES[row.state],
    name: text('name'),
    id: row.tunnelId ?? '',
    cloudflare_endpoint: text('cloudflare_endpoint'),
    customer_endpoint: text('customer_endpoint'),
    interface_address: text('interface_address'),
    router_interface_address: routerSideOf(text('interface_address')),
    interface_address6: text('interface_address6'),
    router_interface_address6: routerSideOf(text('interface_address6')),
    fqdn_identity: identity('fqdn'),
    user_fqdn_identity: identity('user_fqdn'),
    hex_identity: identity('hex'),
    custom_identity: identity('custom'),
    description: text('description'),
    errors: (row.errors ?? []).map(({ code, message }) => `${message} (${code})`).join(' '),
  };
  return BATCH_COLUMNS.map((column) => escapeFormula(cells[column]));
}

function routerSideOf(interfaceAddress: string): string {
  const block = parseCidr(interfaceAddress);
  const address = block && peerAddress(block);
  return block && address ? formatCidr({ address, prefixLength: block.prefixLength }) : '';
}
