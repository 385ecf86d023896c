// What a page about a tunnel shows of its activity.

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Router } from 'wouter';
import { newestEntriesQuery } from '../src/audit/audit-queries.ts';
import { readFilter } from '../src/audit/filter.ts';
import { TunnelActivity } from '../src/audit/tunnel-activity.tsx';

const ACCOUNT_ID = '0123456789abcdef0123456789abcdef';
const TUNNEL_ID = 'c4a7362d577a6c3019a474fd6f485821';
const FILTER = `account=${ACCOUNT_ID}&amp;tunnel_id=${TUNNEL_ID}`;
const ENTRY: AuditEntry = {
  id: 12,
  at: '2026-07-29T03:30:12.345Z',
  requestId: 'request-1',
  person: 'u-ann',
  personName: 'Ann',
  accountId: ACCOUNT_ID,
  action: 'update',
  resource: { kind: 'ipsec-tunnel', id: TUNNEL_ID, name: 'branch-1' },
  tunnelName: 'branch-1',
  request: {},
  outcome: { at: '2026-07-29T03:30:13.345Z', result: 'updated', codes: [], reconciled: true },
};

/** With these entries read already. */
function html(entries: readonly AuditEntry[]): string {
  const client = new QueryClient();
  const filter = { ...readFilter(''), account: ACCOUNT_ID, tunnel_id: TUNNEL_ID };
  client.setQueryData(newestEntriesQuery(filter, 10).queryKey, [...entries]);
  const activity = createElement(TunnelActivity, {
    accountId: ACCOUNT_ID,
    tunnelId: TUNNEL_ID,
    tunnelName: 'branch-1',
  });
  // biome-ignore lint/correctness/noChildrenProp: the router's type knows no other way
  const router = createElement(Router, { ssrPath: '/', children: activity });
  return renderToStaticMarkup(createElement(QueryClientProvider, { client }, router));
}

test('says who did what to it and how that ended, with links to each entry and to all of them', () => {
  const markup = html([ENTRY, { ...ENTRY, id: 9, action: 'delete', outcome: null }]);
  const lines = markup
    .split('<li>')
    .slice(1)
    .map((line) => line.replaceAll(/<[^>]*>/g, ''));
  expect(lines[0]).toContain('Ann changed itfound by lookingChanged');
  expect(lines[1]).toContain('Ann tried to delete itUnder way');
  expect(markup).toContain(`href="/activity?${FILTER}&amp;entry=12"`);
  expect(markup).toContain(`href="/activity?${FILTER}"`);
});

test('says so where nothing was done, and leads to what was done under its name', () => {
  const markup = html([]);
  expect(markup).toContain('No activity yet: nothing was done to this tunnel from this desk.');
  expect(markup).toContain(`href="/activity?account=${ACCOUNT_ID}&amp;tunnel=branch-1"`);
});
