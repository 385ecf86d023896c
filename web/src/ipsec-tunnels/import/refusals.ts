// What Cloudflare refused of the rows, at the cells it is about.

import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import type { RowResponse, Validation } from './use-validate-all.ts';

/** By the row as it was when it was refused: a conflict, because Cloudflare would refuse to create it too. */
export function refusalsOf(
  rows: readonly ImportRow[],
  responseTo: Validation['responseTo'],
): ReadonlyMap<ImportRow, readonly CellIssue[]> {
  const refusals = new Map<ImportRow, readonly CellIssue[]>();
  for (const row of rows) {
    const response = responseTo(row);
    if (response?.kind === 'refused') refusals.set(row, issuesOf(response));
  }
  return refusals;
}

const known = new WeakMap<RowResponse, readonly CellIssue[]>();

/** The same list for the same response. */
function issuesOf(response: RowResponse & { readonly kind: 'refused' }): readonly CellIssue[] {
  const before = known.get(response);
  if (before !== undefined) return before;
  const errors = response.errors.length > 0 ? response.errors : [{ field: undefined, message: response.title }];
  const issues = errors.map(
    ({ field = 'name', message }): CellIssue => ({
      field,
      message: `Cloudflare refused it: ${message}`,
      severity: 'conflict',
    }),
  );
  known.set(response, issues);
  return issues;
}
