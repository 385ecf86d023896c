// The start of somebody who has several accounts and has used none here before.

import type { Account } from '@tunnel-desk/shared/api/session';
import { Link } from 'wouter';
import { usePageTitle } from '../lib/page-title.ts';
import { shortId } from '../lib/short-id.ts';
import { VisibleText } from '../ui/visible-text.tsx';
import { tunnelsPath } from './paths.ts';

export interface ChooseAccountPageProps {
  readonly accounts: readonly Account[];
}

export function ChooseAccountPage({ accounts }: ChooseAccountPageProps) {
  usePageTitle('Choose an account');
  return (
    <div className="flex max-w-prose flex-col gap-4">
      <h1 className="font-semibold text-2xl">Choose an account</h1>
      <p className="text-kumo-subtle">Next time this page opens the account that you used last.</p>
      <ul className="flex flex-col gap-2">
        {accounts.map(({ id, label }) => (
          <li key={id}>
            <Link
              href={tunnelsPath(id)}
              className="flex min-w-0 items-baseline gap-2 rounded-lg bg-kumo-base px-4 py-3 ring ring-kumo-line hover:bg-kumo-tint"
            >
              <span className="min-w-0 truncate font-medium">
                <VisibleText text={label} />
              </span>
              {/* By their ends: their beginnings look alike. */}
              <span className="shrink-0 font-mono text-kumo-subtle text-sm" title={`Account ID ${id}`}>
                {shortId(id)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
