import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviseOn } from '../../../src/ipsec-tunnels/advisories.ts';
import { CELL_FIELDS } from '../../../src/ipsec-tunnels/cells.ts';
import { indexTunnels } from '../../../src/ipsec-tunnels/conflicts.ts';
import { type CellIssue, createRowChecks } from '../../../src/ipsec-tunnels/import/findings.ts';
import { withFix } from '../../../src/ipsec-tunnels/import/groups.ts';
import { requestOf } from '../../../src/ipsec-tunnels/import/requests.ts';
import type { ImportCells } from '../../../src/ipsec-tunnels/import/rows.ts';
import { hostileText } from '../export/tunnels.ts';
import { ACCOUNT_ID, issuesOf, MINIMAL_REQUEST, REFERENCE_RULES } from '../validating.ts';
import { checksBeside, inShort, rowOf } from './rows.ts';

/** What may stand in a cell of each field, right or nearly so. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  name: ['branch-1', ' branch 1 ', '3-Jan', ' '],
  cloudflare_endpoint: ['162.159.64.1', '162.159.64.1/32', '2606:4700::1', '“162.159.64.1”'],
  customer_endpoint: ['203.0.113.1', '010.0.0.1', '8.8.8.8 '],
  interface_address: ['10.0.0.0/31', '10.0.0.0', '10.0.0.0/24', '10.0.0.0/30', ' 10.0.0.2/31'],
  interface_address6: ['fd00::2/127', 'fd00::3/127', 'fd00::2'],
  psk: [' ', 'short', 'correct horse battery staple', '1E+15'],
  replay_protection: ['true', 'FALSE', 'yes', '0', 'maybe'],
  automatic_return_routing: ['true', 'False ', 'no'],
  'custom_remote_identities.fqdn_id': ['branch-1', `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`, 'a.b', '-a'],
  'health_check.enabled': ['TRUE', 'on', 'x'],
  'health_check.rate': ['low', 'Medium', 'fast'],
  'health_check.type': ['reply', 'Request', '"request"'],
  'health_check.direction': ['unidirectional', 'Bidirectional', 'both'],
  'health_check.target': ['10.0.0.1', '10.0.0.1/32', 'none'],
  'bgp.customer_asn': ['65001', '65001.0', 'AS65001', '65,001', '-1', '4294967296', ' 65001 '],
  'bgp.md5_key': ['key', ' ', 'a"b', 'two words'],
  'bgp.extra_prefixes': ['10.1.0.0/16', '10.1.0.1/16, 10.2.0.0/16', ' ', '-', '10.1.0.0/16;2001:db8::/32'],
  'bgp.import_filter_id': ['a'.repeat(32), 'A'.repeat(32)],
  'bgp.export_filter_id': ['b'.repeat(32), 'x'],
};
const arbitraryCells = fc
  .record(
    Object.fromEntries(
      CELL_FIELDS.map((field) => {
        const known = fc.constantFrom(...(TEXTS[field] ?? ['text']));
        return [
          field,
          fc.oneof(
            { weight: 40, arbitrary: fc.constant(undefined) },
            { weight: 9, arbitrary: known },
            { weight: 1, arbitrary: hostileText },
          ),
        ];
      }),
    ),
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((cells): ImportCells => Object.fromEntries(Object.entries(cells).filter(([, text]) => text !== undefined)));

describe('what a row is told', () => {
  const { findingsOn } = checksBeside();

  it('keeps back exactly what the request’s schema refuses, whatever is in the cells', () => {
    let accepted = 0;
    fc.assert(
      fc.property(arbitraryCells, fc.boolean(), (cells, isComplete) => {
        const row = isComplete ? rowOf(cells) : { number: 1, cells, generatesKey: false };
        const refused = issuesOf(requestOf(row.cells, ACCOUNT_ID));
        const { issues } = findingsOn(row);
        expect(issues.length).toBe(refused.length);
        const fields = issues.map(({ field, entry }) => [...field.split('.'), ...(entry === undefined ? [] : [entry])]);
        expect(new Set(fields.map(String))).toEqual(new Set(refused.map(({ path }) => String(path))));
        if (refused.length === 0) accepted += 1;
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('is what the form’s advice says, though it is remembered from row to row', () => {
    const others = [{ ...MINIMAL_REQUEST, custom_remote_identities: { fqdn_id: 'a' }, bgp: { customer_asn: 65001 } }];
    const { findingsOn: besideOthers } = checksBeside(...others);
    const context = { otherTunnels: indexTunnels(others), interfaceAddressRules: 'reference' } as const;
    fc.assert(
      fc.property(arbitraryCells, (cells) => {
        const { issues, advisories } = besideOthers(rowOf(cells));
        const messages = [...issues, ...advisories].map(({ message }) => message);
        const request = requestOf(rowOf(cells).cells, ACCOUNT_ID);
        for (const advisory of adviseOn(request, context)) expect(messages).toContain(advisory.message);
      }),
      { numRuns: 500 },
    );
  });

  it('has fixes that leave no issue on the cell', () => {
    fc.assert(
      fc.property(arbitraryCells, (cells) => {
        for (const issue of findingsOn(rowOf(cells)).issues) {
          if (issue.suggestion === undefined) continue;
          const left = findingsOn(withFix(rowOf(cells), issue)).issues;
          const isSame = (other: CellIssue) => other.field === issue.field && other.entry === issue.entry;
          expect(left.filter(isSame)).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is found once for the same row', () => {
    const row = rowOf({ name: '' });
    expect(findingsOn(row)).toBe(findingsOn(row));
  });

  it('does not depend on what other rows had in the cells that the advice looks at', () => {
    const twin = { ...MINIMAL_REQUEST, customer_endpoint: '8.8.8.8' };
    const { findingsOn: besideTwin } = checksBeside(twin);
    const on = (cloudflare_endpoint: string) =>
      inShort(besideTwin(rowOf({ name: 'b', cloudflare_endpoint, customer_endpoint: '8.8.8.8' })).advisories).join();
    expect(on('162.159.65.1')).not.toContain('same pair of endpoints');
    expect(on('162.159.64.1')).toContain('same pair of endpoints');
    expect(on('162.159.65.1')).not.toContain('same pair of endpoints');
  });
});

describe('the issues of a cell', () => {
  const { findingsOn } = checksBeside();
  const issueOn = (field: string, text: string) =>
    findingsOn(rowOf({ [field]: text })).issues.find((issue) => issue.field === field);

  it.each([
    { field: 'replay_protection', text: 'yes', fix: 'true', why: 'a word for it' },
    { field: 'replay_protection', text: '0', fix: 'false', why: 'a digit for it' },
    { field: 'health_check.enabled', text: ' “No” ', fix: 'false', why: 'in smart quotes' },
    { field: 'replay_protection', text: 'WAHR', fix: 'true', why: 'a German spreadsheet writes so' },
    { field: 'replay_protection', text: 'perhaps', fix: undefined, why: 'nobody knows what is meant' },
    { field: 'health_check.type', text: 'Request', fix: 'request', why: 'in another case' },
    { field: 'health_check.rate', text: 'Medium', fix: 'mid', why: 'what the page calls it' },
    { field: 'health_check.direction', text: 'both', fix: undefined, why: 'no word of the API' },
    { field: 'interface_address', text: '“10.0.0.0/31”', fix: '10.0.0.0/31', why: 'in smart quotes' },
    { field: 'interface_address', text: '10.252.3.57/30', fix: undefined, why: 'the other end would be another' },
    { field: 'bgp.customer_asn', text: 'AS65001', fix: '65001', why: 'with its prefix' },
    { field: 'bgp.customer_asn', text: '65001.0', fix: undefined, why: 'asdot, or what a spreadsheet made of 65001' },
    {
      field: 'custom_remote_identities.fqdn_id',
      text: 'branch_1',
      fix: `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`,
      why: 'a label has no underscore',
    },
  ])('$text in $field is fixed as $fix: $why', ({ field, text, fix }) => {
    const issue = issueOn(field, text);
    expect(issue).toMatchObject({ severity: 'issue' });
    expect(issue?.suggestion).toBe(fix);
  });

  it.each([
    { field: 'replay_protection', text: 'TRUE', why: 'a spreadsheet writes its own so' },
    { field: 'health_check.enabled', text: 'false ', why: 'blanks around it do not count' },
    { field: 'interface_address', text: '\t10.0.0.0/31 ', why: 'blanks around it do not count' },
    { field: 'custom_remote_identities.fqdn_id', text: 'branch-1', why: 'a label is completed, as in the form' },
    { field: 'description', text: ' =1+1\n"quoted" ', why: 'any text is a description' },
    { field: 'bgp.md5_key', text: '', why: 'an empty cell says nothing' },
  ])('are none for $text in $field: $why', ({ field, text }) => {
    expect(issueOn(field, text)).toBeUndefined();
  });

  it('name the entry of a list that they are about', () => {
    const { issues } = findingsOn(rowOf({ 'bgp.customer_asn': '1', 'bgp.extra_prefixes': '10.1.0.0/16, 10.2.0.1/16' }));
    expect(issues).toMatchObject([{ field: 'bgp.extra_prefixes', entry: 1, suggestion: '10.2.0.0/16' }]);
  });

  it('ask for what is missing, and for an ASN only where another cell of BGP is filled', () => {
    expect(inShort(findingsOn({ number: 1, cells: {}, generatesKey: false }).issues)).toEqual([
      'name: a name is required',
      expect.stringContaining('cloudflare_endpoint: a Cloudflare endpoint is required'),
      expect.stringContaining('interface_address: an interface address is required'),
    ]);
    expect(inShort(findingsOn(rowOf({ 'bgp.md5_key': 'key' })).issues)).toEqual([
      'bgp.customer_asn: a customer ASN is required while BGP is on',
    ]);
    expect(findingsOn(rowOf({ 'bgp.customer_asn': ' ', 'bgp.extra_prefixes': ' , ' })).issues).toEqual([]);
  });

  it('are what Cloudflare will refuse because of another tunnel, too', () => {
    const row = rowOf();
    const [issue] = checksBeside(MINIMAL_REQUEST).findingsOn(row).issues;
    expect(issue).toMatchObject({ field: 'name', severity: 'conflict' });
    // The caller leaves out what the row itself has made.
    expect(checksBeside().findingsOn(row).issues).toEqual([]);
  });

  it('never repeat a key', () => {
    const key = '"s3cr3t\\“';
    const { issues, advisories } = findingsOn(rowOf({ psk: key }));
    expect(JSON.stringify([issues, advisories])).not.toContain('s3cr3t');
    expect(advisories.length).toBeGreaterThan(0);
  });
});

describe('the advisories of a row', () => {
  const { findingsOn } = checksBeside();

  it.each(['3-Jan', 'Jan-03', '01/03/2026', '2026-03-01', '3. Mrz', '1E+05'])(
    'warn of the name %s, without a fix',
    (name) => {
      const found = findingsOn(rowOf({ name })).advisories.find(({ message }) => message.includes('spreadsheet'));
      expect(found).toMatchObject({ field: 'name', severity: 'risk' });
      expect(found?.suggestion).toBeUndefined();
    },
  );

  it.each(['branch-12', 'site-2026', '10', 'ams-1-1'])('take the name %s for no date', (name) => {
    expect(inShort(findingsOn(rowOf({ name })).advisories).join()).not.toContain('spreadsheet');
  });

  it.each([
    { row: rowOf(), warns: true, why: 'it will have none' },
    { row: rowOf({}, { generatesKey: true }), warns: false, why: 'one is generated' },
    { row: rowOf({}, { sharesKeyWith: 1 }), warns: false, why: 'it has that of another row' },
    { row: rowOf({ psk: 'correct horse battery staple' }), warns: false, why: 'it has its own' },
  ])('say $warns that the key is missing: $why', ({ row, warns }) => {
    expect(inShort(findingsOn(row).advisories).some((text) => text.includes('carries no traffic'))).toBe(warns);
  });

  it('are those of the rules the desk has', () => {
    const checks = createRowChecks({
      accountId: ACCOUNT_ID,
      rules: { ...REFERENCE_RULES, interfaceAddressRules: 'guide' },
      context: { otherTunnels: indexTunnels([]), interfaceAddressRules: 'guide' },
    });
    const { issues, advisories } = checks.findingsOn(rowOf({ interface_address: '10.0.0.1/30' }));
    expect(issues).toEqual([]);
    expect(inShort(advisories).join()).toContain('A /30 is allowed');
  });
});
