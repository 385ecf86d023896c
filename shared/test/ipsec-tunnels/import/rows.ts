// Rows of an import, and the checks on them, for its tests.

import { indexTunnels, type KnownTunnel } from '../../../src/ipsec-tunnels/conflicts.ts';
import { type CellIssue, createRowChecks } from '../../../src/ipsec-tunnels/import/findings.ts';
import type { ImportCells, ImportRow } from '../../../src/ipsec-tunnels/import/rows.ts';
import { ACCOUNT_ID, MINIMAL_REQUEST } from '../validating.ts';

/** A row with the least that a request needs, unless its cells say otherwise. */
export function rowOf(cells: ImportCells = {}, rest: Partial<Omit<ImportRow, 'cells'>> = {}): ImportRow {
  return { number: 1, generatesKey: false, ...rest, cells: { ...MINIMAL_REQUEST, ...cells } };
}

/** One of each, numbered from 1. */
export function rowsOf(...cells: readonly ImportCells[]): ImportRow[] {
  return cells.map((each, index) => rowOf(each, { number: index + 1 }));
}

export function checksBeside(...otherTunnels: readonly KnownTunnel[]) {
  return createRowChecks({
    accountId: ACCOUNT_ID,
    rules: { interfaceAddressRules: 'reference' },
    context: { otherTunnels: indexTunnels(otherTunnels), interfaceAddressRules: 'reference' },
  });
}

/** As few words as tell the issues apart. */
export function inShort(issues: readonly CellIssue[] = []): string[] {
  return issues.map(({ field, message }) => `${field}: ${message}`);
}
