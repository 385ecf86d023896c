// Reading the audit log: page after page, the newest of something, or one entry.

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type AuditEntry, type AuditPage, auditPageSchema } from '@tunnel-desk/shared/api/audit';
import { AUDIT_PATH } from '@tunnel-desk/shared/api/paths';
import { callApi } from '../lib/api-client.ts';
import { type AuditFilter, withQuery, writeFilter } from './filter.ts';

const FIRST_PAGE = 50;
/** As many as the server gives at once: a refresh asks for every page again. */
const LATER_PAGES = 200;
const UNAUTHORIZED = 401;
/** Whoever comes back from having done something looks for just that. */
const NEVER_FRESH = { staleTime: 0 } as const;

/** Why the audit log could not be read. */
export class AuditReadError extends Error {
  readonly needsSignIn: boolean;
  readonly requestId: string | undefined;

  constructor(
    message: string,
    { needsSignIn = false, requestId }: { needsSignIn?: boolean; requestId?: string | undefined } = {},
  ) {
    super(message);
    this.needsSignIn = needsSignIn;
    this.requestId = requestId;
  }
}

/** All entries that match, newest first, as they are asked for. */
export function auditEntriesQuery(filter: AuditFilter) {
  return infiniteQueryOptions({
    ...NEVER_FRESH,
    queryKey: ['audit', 'entries', filter],
    queryFn: ({ pageParam }) => readPage(filter, pageParam === undefined ? FIRST_PAGE : LATER_PAGES, pageParam),
    initialPageParam: NEWEST,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

const NEWEST: number | undefined = undefined;

/** The newest of those that match. */
export function newestEntriesQuery(filter: AuditFilter, count: number) {
  return queryOptions({
    ...NEVER_FRESH,
    queryKey: ['audit', 'newest', count, filter],
    queryFn: async () => (await readPage(filter, count)).entries,
  });
}

/** One entry; `null` where there is none, or none that the person may read. */
export function auditEntryQuery(id: number) {
  return queryOptions({
    ...NEVER_FRESH,
    queryKey: ['audit', 'entry', id],
    queryFn: async (): Promise<AuditEntry | null> => {
      const [entry] = (await readPage({}, 1, id + 1)).entries;
      return entry?.id === id ? entry : null;
    },
  });
}

async function readPage(filter: Partial<AuditFilter>, limit: number, before?: number): Promise<AuditPage> {
  const query = writeFilter(filter);
  query.set('limit', String(limit));
  if (before !== undefined) query.set('before', String(before));
  const response = await callApi(withQuery(AUDIT_PATH, query));
  if (response.kind === 'no-response') throw new AuditReadError("This page can't reach its server.");
  const { status, reference } = response;
  if (status === UNAUTHORIZED) throw new AuditReadError('Your sign-in has ended.', { needsSignIn: true });
  if (response.kind === 'unintelligible') {
    throw new AuditReadError(`Something between this page and its server responded instead (status ${status}).`);
  }
  const { envelope } = response;
  if (!envelope.success) {
    const [error] = envelope.errors;
    throw new AuditReadError(`This desk responded: ${error?.message ?? `status ${status}`}.`, reference);
  }
  return auditPageSchema.parse(envelope.result);
}
