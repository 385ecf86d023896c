import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { exportedTunnel } from '@tunnel-desk/shared/ipsec-tunnels/export/exported-tunnel';
import { createRowChecks } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { cellsOf, requestOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import { splitPrefixes } from '@tunnel-desk/shared/ipsec-tunnels/prefix-list';
import { createIpsecTunnelRequestSchema } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFile, readPasted } from '../../src/ipsec-tunnels/import/read/read.ts';
import type { ReadResult } from '../../src/ipsec-tunnels/import/read/read-result.ts';
import { tunnelsAsCsv, tunnelsAsJson } from '../../src/ipsec-tunnels/list/export-tunnels.ts';
import { file, utf16, windows1252 } from './fixtures.ts';

const ACCOUNT_ID = 'ab'.repeat(16);
const RULES = { accountId: ACCOUNT_ID, interfaceAddressRules: 'reference', healthCheckTarget: 'string' } as const;
const SCHEMA = createIpsecTunnelRequestSchema(RULES);

/** What breaks readers of tables, within texts of any kind. */
const fragment = fc.constantFrom(
  ...[
    '"',
    '""',
    "'",
    ',',
    ';',
    '\t',
    '\n',
    '\r\n',
    '\r',
    '#',
    '=',
    '-',
    '@',
    ' ',
    '\u00a0',
    '\ufeff',
    '“',
    '\0',
    'é',
    '🧭',
  ],
);
const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.oneof(fragment, fc.string({ maxLength: 3 })), { maxLength: 6 }).map((parts) => parts.join('')),
);
/** A list in CSV has no place for a prefix that is empty, and Cloudflare has none. */
const prefix = text.filter((written) => splitPrefixes(written).length > 0);
const flag = fc.boolean();

/** As Cloudflare could respond with it, whatever the texts are. */
const tunnel: fc.Arbitrary<IpsecTunnel> = fc.record(
  {
    id: fc.oneof(
      fc.constant('cd'.repeat(16)),
      text.filter((id) => id !== ''),
    ),
    name: text,
    cloudflare_endpoint: fc.oneof(fc.ipV4(), text),
    interface_address: fc.oneof(fc.constant('10.0.0.0/31'), text),
    description: text,
    customer_endpoint: fc.oneof(fc.ipV4(), fc.ipV6()),
    interface_address6: text,
    custom_remote_identities: fc.record({ fqdn_id: text }),
    replay_protection: flag,
    automatic_return_routing: flag,
    health_check: fc.record({ enabled: flag, rate: text, type: text, direction: text, target: text }),
    bgp: fc.record(
      {
        customer_asn: fc.nat(),
        md5_key: text,
        extra_prefixes: fc.array(fc.oneof(fc.constant('10.0.0.0/8'), prefix)),
        import_filter_id: text,
      },
      { requiredKeys: ['customer_asn'] },
    ),
  },
  { requiredKeys: ['id', 'name', 'cloudflare_endpoint', 'interface_address'] },
);

/** As the page reads what a person typed: without white space around texts, and lists as they can be written. */
function asTyped(request: object): unknown {
  return requestOf(cellsOf(request), ACCOUNT_ID);
}

function requestsIn(result: ReadResult): unknown[] {
  if (result.kind !== 'rows') throw new Error(JSON.stringify(result));
  expect(result.issues).toEqual([]);
  expect([...result.rowIssues]).toEqual([]);
  return result.rows.map(({ cells }) => requestOf(cells, ACCOUNT_ID));
}

describe('what the list exports is read as the same requests', () => {
  it('from CSV, whatever the texts are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tunnel, { minLength: 1, maxLength: 8 }), async (tunnels) => {
        const expected = tunnels.map((each) => asTyped(exportedTunnel(each).request));
        expect(requestsIn(await readFile(file(tunnelsAsCsv(tunnels))))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it('from JSON, whatever the texts are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tunnel, { minLength: 1, maxLength: 8 }), async (tunnels) => {
        const expected = tunnels.map((each) => asTyped(exportedTunnel(each).request));
        expect(requestsIn(await readFile(file(tunnelsAsJson(tunnels))))).toEqual(expected);
      }),
    );
  });
});

describe('whatever comes in', () => {
  const checks = createRowChecks({
    accountId: ACCOUNT_ID,
    rules: RULES,
    context: { otherTunnels: indexTunnels([]), interfaceAddressRules: 'reference' },
  });

  /** That it was either refused in words, or read as rows of which none that the schema refuses is without an issue. */
  function expectHonest(result: ReadResult): void {
    if (result.kind === 'refused') expect(result.message).toMatch(/^[A-Z].*[.?!]$/s);
    if (result.kind !== 'rows') return;
    expect(result.rows.length).toBeGreaterThan(0);
    expect(result.rows.map(({ number }) => number)).toEqual(result.rows.map((_, index) => index + 1));
    for (const row of result.rows) {
      const isSound = !result.rowIssues.has(row.number) && checks.findingsOn(row).issues.length === 0;
      if (isSound) expect(SCHEMA.safeParse(requestOf(row.cells, ACCOUNT_ID)).error).toBeUndefined();
    }
  }

  it('bytes of any kind end in words or rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expectHonest(await readFile(file(new Uint8Array(bytes))));
      }),
      { numRuns: 200 },
    );
  });

  const cell = fc.oneof(
    text,
    fc.constantFrom('198.51.100.1', '10.0.0.0/31', '10.0.0.2/31', 'branch-1', 'TRUE', 'mid', '65001', '65001.0', ''),
  );
  const header = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...CELL_FIELDS) }, { weight: 1, arbitrary: text });
  const line = fc.array(cell, { minLength: 1, maxLength: 6 });
  const table = fc
    .tuple(
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(header, { minLength: 1, maxLength: 6 }),
      fc.array(line, { maxLength: 6 }),
    )
    .map(([delimiter, end, headers, lines]) => [headers, ...lines].map((cells) => cells.join(delimiter)).join(end));

  it('tables with anything in them end in words or rows, in every encoding and pasted', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (content) => {
        for (const written of [content, utf16(`\ufeff${content}`), windows1252(content)]) {
          expectHonest(await readFile(file(written)));
        }
        expectHonest(await readPasted(content));
      }),
      { numRuns: 200 },
    );
  });

  it('any JSON ends in words or rows', async () => {
    const request = fc.dictionary(
      fc.constantFrom(...CELL_FIELDS, 'bgp', 'health_check', '__proto__', 'id'),
      fc.jsonValue(),
    );
    const json = fc.oneof(
      fc.json(),
      fc.array(request).map((each) => JSON.stringify(each)),
    );
    await fc.assert(
      fc.asyncProperty(json, fc.nat(), async (whole, cut) => {
        expectHonest(await readPasted(whole));
        expectHonest(await readPasted(`[${whole.slice(0, cut % (whole.length + 1))}`));
      }),
      { numRuns: 200 },
    );
  });
});
