// Which entries of the audit log somebody may read: all of the accounts whose operator they are, and in those where they may
// only validate, their own.

import type { Identity } from '../auth/identity.ts';
import type { EntryFilter } from './audit-log.ts';

/** What is asked for; of one account alone, or of every one that somebody may read. */
export type WantedEntries = Omit<EntryFilter, 'accountIds' | 'exceptAccountIds'> & {
  readonly accountId?: string | undefined;
};

/** Those of the wanted entries that somebody may read. Others are not found: nobody learns that they are there. */
export function visibleEntries(
  { id, permissions: { change, validate } }: Identity,
  { accountId, ...wanted }: WantedEntries,
): readonly EntryFilter[] {
  const within = (accountIds: readonly string[]) => accountIds.filter((each) => each === (accountId ?? each));
  const onlyWanted = accountId === undefined ? undefined : [accountId];
  if (change === 'every-account') return [{ ...wanted, accountIds: onlyWanted }];
  const filters: EntryFilter[] = [];
  const everybodys = within(change);
  if (everybodys.length > 0) filters.push({ ...wanted, accountIds: everybodys });
  if (wanted.person !== undefined && wanted.person !== id) return filters;
  const own = { ...wanted, person: id };
  if (validate === 'every-account') {
    if (everybodys.length === 0 || onlyWanted === undefined) {
      filters.push({ ...own, accountIds: onlyWanted, exceptAccountIds: everybodys });
    }
    return filters;
  }
  const readable = within(validate).filter((each) => !everybodys.includes(each));
  if (readable.length > 0) filters.push({ ...own, accountIds: readable });
  return filters;
}
