// Where the rows of one import would collide with each other.

import { revealInvisible } from '../../characters.ts';
import { parseCidr } from '../../ip/cidr.ts';
import { SubnetIndex } from '../../ip/subnet-index.ts';
import { readCell } from '../cells.ts';
import { canonicalAddress, looksOf, MAX_NAMED } from '../conflicts.ts';
import type { IpsecTunnelField } from '../request.ts';
import type { CellIssue } from './findings.ts';
import { fieldValue } from './requests.ts';
import { type ImportRow, rowName, rowsInWords } from './rows.ts';
import { lastOf, type Steps } from './steps.ts';

/** By the number of the row; those without any are left out. */
export type Conflicts = ReadonlyMap<number, readonly CellIssue[]>;

/**
 * What each row cannot share with another: its name, an address of its interfaces, its custom identity on one Cloudflare
 * endpoint. It is a risk to share a name's looks, or both endpoints; two tunnels of one router on two Cloudflare endpoints
 * are as they should be. Takes as long as sorting the rows.
 */
export function conflictsAmong(rows: readonly ImportRow[], accountId: string): Conflicts {
  return lastOf(conflictsInSteps(rows, accountId));
}

/** The same in steps of a millisecond or so, for whoever must not stop for longer: it returns the conflicts at its end. */
export function* conflictsInSteps(rows: readonly ImportRow[], accountId: string): Steps<Conflicts> {
  const conflicts = new Map<number, CellIssue[]>();
  const add = (row: ImportRow, issue: CellIssue) => {
    const issues = conflicts.get(row.number);
    if (issues === undefined) conflicts.set(row.number, [issue]);
    else issues.push(issue);
  };
  yield* addSameNames(rows, add);
  yield* addSharedEndpoints(rows, add);
  yield* addOverlaps('interface_address', rows, add);
  yield* addOverlaps('interface_address6', rows, add);
  yield* addSharedIdentities(rows, accountId, add);
  return conflicts;
}

const ROWS_PER_STEP = 100;

type Add = (row: ImportRow, issue: CellIssue) => void;

function* addSameNames(rows: readonly ImportRow[], add: Add): Steps {
  for (const sameLooks of yield* groupsOf(rows, (row) => looksOf(textOf(row, 'name')))) {
    const names = [...Map.groupBy(sameLooks, (row) => textOf(row, 'name')).values()];
    for (const namesakes of names) {
      yield;
      const alike = names.slice(0, MAX_NAMED + 1).filter((others) => others !== namesakes);
      for (const row of namesakes) {
        if (namesakes.length > 1) {
          add(
            row,
            conflict(
              'name',
              `${others(namesakes, row, 'has', 'have')} this name too. Cloudflare refuses a second one.`,
            ),
          );
        }
        if (alike.length > 0)
          add(row, { field: 'name', severity: 'risk', message: mistakenFor(alike, names.length - 1) });
      }
    }
  }
}

/** One row of each other name is enough to find it. */
function mistakenFor(alike: readonly (readonly ImportRow[])[], count: number): string {
  const first = alike.slice(0, MAX_NAMED).flatMap(([row]) => row ?? []);
  const more = count - first.length;
  const named = first.map((row) => `${revealInvisible(textOf(row, 'name'))} of ${rowName(row.number)}`).join(', ');
  return `This is easily mistaken for ${named}${more > 0 ? ` and ${more} more` : ''}. Good practice: distinct names.`;
}

function* addSharedEndpoints(rows: readonly ImportRow[], add: Add): Steps {
  const pairOf = (row: ImportRow) => {
    const customer = canonicalAddress(textOf(row, 'customer_endpoint'));
    const cloudflare = canonicalAddress(textOf(row, 'cloudflare_endpoint'));
    return customer && cloudflare && `${cloudflare} ${customer}`;
  };
  for (const group of yield* groupsOf(rows, pairOf)) {
    yield;
    for (const row of group) {
      add(row, {
        field: 'customer_endpoint',
        severity: 'risk',
        message: `${others(group, row, 'has', 'have')} the same pair of endpoints. Cloudflare's guide: an IKE ID of type ID_IPV4_ADDR can't tell them apart.`,
      });
    }
  }
}

function* addOverlaps(field: 'interface_address' | 'interface_address6', rows: readonly ImportRow[], add: Add): Steps {
  const subnets = new SubnetIndex<ImportRow>();
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_PER_STEP === 0) yield;
    const text = textOf(row, field);
    if (text !== '') subnets.add(row, text);
  }
  for (const row of subnets.colliding()) {
    yield;
    const subnet = parseCidr(textOf(row, field));
    const found = subnet && subnets.overlapping(subnet, MAX_NAMED + 1);
    if (found === undefined) continue;
    // The row itself is among them.
    const first = found.first.filter(({ owner }) => owner !== row).slice(0, MAX_NAMED);
    const [other] = first;
    const whose = rowsInWords(
      first.map(({ owner }) => owner.number),
      found.count - 1,
    );
    const what = found.count === 2 && other ? `${other.text} of ${whose}` : `the subnets of ${whose}`;
    add(row, conflict(field, `This overlaps ${what}. Each tunnel needs a subnet of its own.`));
  }
}

function* addSharedIdentities(rows: readonly ImportRow[], accountId: string, add: Add): Steps {
  const field = 'custom_remote_identities.fqdn_id';
  const keyOf = (row: ImportRow) => {
    const identity = fieldValue(field, row.cells[field], accountId);
    const endpoint = identity === undefined ? undefined : canonicalAddress(textOf(row, 'cloudflare_endpoint'));
    return endpoint && `${endpoint} ${identity}`;
  };
  for (const group of yield* groupsOf(rows, keyOf)) {
    yield;
    for (const row of group) {
      const message = `${others(group, row, 'has', 'have')} this identity on the same Cloudflare endpoint. Cloudflare's API reference: two tunnels cannot share both.`;
      add(row, conflict(field, message));
    }
  }
}

function conflict(field: IpsecTunnelField, message: string): CellIssue {
  return { field, message, severity: 'conflict' };
}

/** `Row 5 has`, `Rows 5, 9, 12 and 214 more have`: the others of the group. */
function others(group: readonly ImportRow[], row: ImportRow, one: string, many: string): string {
  const first = group
    .slice(0, MAX_NAMED + 1)
    .filter((each) => each !== row)
    .slice(0, MAX_NAMED);
  const words = rowsInWords(
    first.map(({ number }) => number),
    group.length - 1,
  );
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${group.length === 2 ? one : many}`;
}

/** As the request will have it. */
function textOf(row: ImportRow, field: IpsecTunnelField): string {
  const value = readCell(field, row.cells[field] ?? '');
  return typeof value === 'string' ? value : '';
}

/** The groups of rows that share a key; a row without one, or with one of its own, is in none. */
function* groupsOf(
  rows: readonly ImportRow[],
  keyOf: (row: ImportRow) => string | undefined,
): Steps<readonly ImportRow[][]> {
  const first = new Map<string, ImportRow>();
  const groups = new Map<string, ImportRow[]>();
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_PER_STEP === 0) yield;
    const key = keyOf(row);
    if (!key) continue;
    const one = first.get(key);
    if (one === undefined) first.set(key, row);
    else {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one, row]);
      else group.push(row);
    }
  }
  return [...groups.values()];
}
