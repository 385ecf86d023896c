import { CSV_COLUMNS } from '@tunnel-desk/shared/ipsec-tunnels/export/csv';
import { exportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { readCells, readHeaders } from '@tunnel-desk/shared/ipsec-tunnels/import/columns';
import { requestOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import papaparse from 'papaparse';
import { describe, expect, it } from 'vitest';
import { tunnelsAsCsv, tunnelsAsJson } from '../src/ipsec-tunnels/list/export-tunnels.ts';

const HOSTILE = [
  '=1+1',
  '-2',
  "'=x",
  "'",
  'a,b;c\td',
  '"quoted", ""twice""',
  'two\nlines\r\n\rthree',
  ' blank ',
  '\ufeff',
];

const TUNNELS: IpsecTunnel[] = HOSTILE.map((description, index) => ({
  id: `${index}`,
  name: description.trim() || 'name',
  description,
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/31',
  replay_protection: index % 2 === 0,
  bgp: { customer_asn: 65001, md5_key: `${description.charAt(0)}key`, extra_prefixes: ['10.1.0.0/16', '10.2.0.0/16'] },
  psk_metadata: { last_generated_on: '2026-11-25T10:00:00Z' },
  a_later_field: { of: 'any kind' },
}));
const REQUESTS = TUNNELS.map((tunnel) => exportedTunnel(tunnel).request);

describe('the CSV file', () => {
  it('is read back as the requests that make the same tunnels, whatever their texts are', () => {
    const { data, errors } = papaparse.parse<string[]>(tunnelsAsCsv(TUNNELS));
    expect(errors).toEqual([]);
    const [headers = [], ...rows] = data;
    expect(headers).toEqual(CSV_COLUMNS);
    const { columns } = readHeaders(headers);
    expect(rows.map((texts) => requestOf(readCells(columns, texts), 'a'))).toStrictEqual(REQUESTS);
  });

  it('has its headers even where there is no tunnel', () => {
    expect(tunnelsAsCsv([])).toBe(`\ufeff${CSV_COLUMNS.join(',')}\r\n`);
  });
});

it('the JSON file is a list of the same requests, also of one tunnel', () => {
  expect(JSON.parse(tunnelsAsJson(TUNNELS))).toStrictEqual(REQUESTS);
  expect(JSON.parse(tunnelsAsJson(TUNNELS.slice(0, 1)))).toStrictEqual(REQUESTS.slice(0, 1));
});
