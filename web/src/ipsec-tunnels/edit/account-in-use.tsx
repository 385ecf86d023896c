import type { Account } from '@tunnel-desk/shared/api/session';
import { shortId } from '../../lib/short-id.ts';
import { VisibleText } from '../../ui/visible-text.tsx';

/** Whose tunnel it is, where that can't be chosen. */
export function AccountInUse({ account }: { readonly account: Account | undefined }) {
  if (account === undefined) return null;
  return (
    <div className="row-span-4 min-w-0">
      <p className="font-medium text-base">Account</p>
      <p className="text-kumo-subtle text-sm">A tunnel stays in the account it was created in.</p>
      <p className="flex min-w-0 gap-1.5 pt-3" title={`Account ID ${account.id}`}>
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <VisibleText text={account.label} />
        </span>
        <span className="font-mono text-kumo-subtle">{shortId(account.id)}</span>
      </p>
    </div>
  );
}
