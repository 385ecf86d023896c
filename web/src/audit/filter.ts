// What of the audit log is wanted. In the URL of the page, of the API and of its export it is written alike.

import { AUDIT_ACTIONS, AUDIT_RESULTS } from '@tunnel-desk/shared/api/audit';
import { AUDIT_EXPORT_PATH } from '@tunnel-desk/shared/api/paths';
import { z } from 'zod';
import { ACTIVITY_PATH } from '../app/paths.ts';

const text = z.string().min(1).optional().catch(undefined);
const DAY_MS = 86_400_000;

const filterSchema = z.object({
  /** As the sign-in identifies them. */
  person: text,
  /** Its ID. */
  account: text,
  /** The name of a tunnel at the time. */
  tunnel: text,
  /** The ID of a tunnel. */
  tunnel_id: text,
  action: z.enum(AUDIT_ACTIONS).optional().catch(undefined),
  outcome: z.enum(AUDIT_RESULTS).optional().catch(undefined),
  /** The first moment, ISO 8601 in UTC. */
  since: moment('first'),
  /** The first moment that is too late. */
  until: moment('last'),
});

export type AuditFilter = z.infer<typeof filterSchema>;
export type FilterName = keyof AuditFilter;

/** In the order in which they are written. */
export const FILTER_NAMES = filterSchema.keyof().options;
/** Which entry is shown in full; in the URL of the page alone. */
const ENTRY = 'entry';

/** A date stands for its whole day, as on the server. */
function moment(which: 'first' | 'last') {
  const day = z.iso.date().transform((date) => {
    const midnight = Date.parse(date) + (which === 'first' ? 0 : DAY_MS);
    return new Date(midnight).toISOString();
  });
  return z.union([z.iso.datetime(), day]).optional().catch(undefined);
}

/** Reads a query; what cannot be read in it is left out. */
export function readFilter(search: string): AuditFilter {
  return filterSchema.parse(Object.fromEntries(new URLSearchParams(search)));
}

/** The ID of the entry that is shown in full. */
export function readOpenEntry(search: string): number | undefined {
  const id = new URLSearchParams(search).get(ENTRY) ?? '';
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
}

/** Writes a query, without its question mark; the same filter is always written alike. */
export function writeFilter(filter: AuditFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const value = filter[name];
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

/** Where the page shows this, and the entry in full. */
export function activityPath(filter: AuditFilter, openEntry?: number): string {
  const query = writeFilter(filter);
  if (openEntry !== undefined) query.set(ENTRY, String(openEntry));
  return withQuery(ACTIVITY_PATH, query);
}

/** Where it can be downloaded, as NDJSON. */
export function exportPath(filter: AuditFilter): string {
  return withQuery(AUDIT_EXPORT_PATH, writeFilter(filter));
}

export function withQuery(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query}`;
}
