// Tunnels as a CSV or JSON file that a later import reads back. Load it when somebody asks for one.

import { CSV_COLUMNS, toCsvCells } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import { exportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { toJson } from '@tunnel-desk/shared/ipsec-tunnels/export/json';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import papaparse from 'papaparse';
import { saveFile } from '../../lib/save-file.ts';

export type ExportFormat = 'csv' | 'json';

/** Has the browser save the tunnels, in this order, under the end of the account's ID and the day. */
export function saveTunnels(format: ExportFormat, tunnels: readonly IpsecTunnel[], accountId: string): void {
  const { type, write } = FORMATS[format];
  const day = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
  saveFile(`ipsec-tunnels-${accountId.slice(-8)}-${day}.${format}`, type, write(tunnels));
}

/** Has spreadsheets read the file as UTF-8; readers of CSV skip it. */
const BYTE_ORDER_MARK = '\ufeff';

/** With a row of headers (RFC 4180). Nothing in it is a formula to a spreadsheet, or a key. */
export function tunnelsAsCsv(tunnels: readonly IpsecTunnel[]): string {
  return BYTE_ORDER_MARK + papaparse.unparse({ fields: [...CSV_COLUMNS], data: tunnels.map(toCsvCells) });
}

/** An array of create requests, without keys. */
export function tunnelsAsJson(tunnels: readonly IpsecTunnel[]): string {
  return toJson(tunnels.map(exportedTunnel));
}

interface FileFormat {
  readonly type: string;
  readonly write: (tunnels: readonly IpsecTunnel[]) => string;
}

const FORMATS: Record<ExportFormat, FileFormat> = {
  csv: { type: 'text/csv;charset=utf-8', write: tunnelsAsCsv },
  json: { type: 'application/json', write: tunnelsAsJson },
};
