// Tunnels as a CSV or JSON file that a later import reads back. Load it when somebody asks for one.

import { CSV_COLUMNS, toCsvCells } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import { exportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { toJson } from '@tunnel-desk/shared/ipsec-tunnels/export/json';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import papaparse from 'papaparse';
import { downloadText } from '../../lib/download.ts';

export type ExportFormat = 'csv' | 'json';

const TYPES: Record<ExportFormat, string> = { csv: 'text/csv;charset=utf-8', json: 'application/json' };
/** Has spreadsheets read the file as UTF-8; readers of CSV skip it. */
const BYTE_ORDER_MARK = '\ufeff';

/** Has the browser save the tunnels as a file that is named after the account and the day. */
export function downloadTunnels(format: ExportFormat, tunnels: readonly IpsecTunnel[], accountId: string): void {
  const text = format === 'csv' ? tunnelsAsCsv(tunnels) : tunnelsAsJson(tunnels);
  const day = new Date().toISOString().slice(0, 10);
  downloadText(`ipsec-tunnels-${accountId}-${day}.${format}`, TYPES[format], text);
}

/** With the byte order mark and a row of headers (RFC 4180). Nothing in it is a formula to a spreadsheet, or a key. */
export function tunnelsAsCsv(tunnels: readonly IpsecTunnel[]): string {
  return BYTE_ORDER_MARK + papaparse.unparse({ fields: [...CSV_COLUMNS], data: tunnels.map(toCsvCells) });
}

/** An array of create requests, without keys. */
export function tunnelsAsJson(tunnels: readonly IpsecTunnel[]): string {
  return toJson(tunnels.map(exportedTunnel));
}
