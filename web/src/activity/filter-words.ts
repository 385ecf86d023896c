// What a filter says, for the chips above the list.

import type { Account } from '@tunnel-desk/shared/api/session';
import type { AuditFilter, FilterName } from '../audit/filter.ts';
import { ACTIONS, OUTCOMES } from '../audit/words.ts';
import { shortId } from '../lib/short-id.ts';
import { formatTime } from '../ui/format-time.ts';

export interface FilterWordsContext {
  readonly accounts: readonly Account[];
  /** What people are called, by what identifies them. */
  readonly personNames: ReadonlyMap<string, string>;
}

/** "Account: Head office", of one part of a filter that is set. */
export function filterWords(
  name: FilterName,
  filter: AuditFilter,
  { accounts, personNames }: FilterWordsContext,
): string {
  const value = filter[name] ?? '';
  switch (name) {
    case 'person':
      return `Person: ${personNames.get(value) ?? value}`;
    case 'account':
      return `Account: ${accounts.find(({ id }) => id === value)?.label ?? shortId(value)}`;
    case 'tunnel':
      return `Tunnel: ${value}`;
    case 'tunnel_id':
      return `Tunnel ID: ${shortId(value)}`;
    case 'action':
      return `Action: ${filter.action === undefined ? '' : ACTIONS[filter.action].name}`;
    case 'outcome':
      return `Outcome: ${filter.outcome === undefined ? '' : OUTCOMES[filter.outcome].word}`;
    case 'since':
      return `From ${formatTime(new Date(value))}`;
    case 'until':
      return `Before ${formatTime(new Date(value))}`;
  }
}
