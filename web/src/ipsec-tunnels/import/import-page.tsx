// Many tunnels from a file or from pasted cells: read, put right, validated, and then created as a batch.

import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useLeaveGuard } from '../../forms/leave-guard.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { WholeWindow } from '../../ui/whole-window.tsx';
import { EarlierBatches } from './earlier-batches.tsx';
import { heldImport, useSavedImport } from './held-imports.ts';
import { ImportRows } from './import-rows.tsx';
import { ChooseFile } from './read/choose-file.tsx';
import type { ReadRows } from './read/read-result.ts';
import { marksOfReading } from './row-issues.ts';
import { useRowRules } from './use-row-rules.ts';

export interface ImportPageProps {
  readonly session: Session;
  readonly account: SessionAccount;
}

export function ImportPage({ session, account }: ImportPageProps) {
  usePageTitle('Import IPsec tunnels');
  const table = heldImport(account.id);
  const { file, counts } = useSyncExternalStore(table.subscribe, table.snapshot);
  const title = useRef<HTMLHeadingElement>(null);
  useSavedImport(account.id, table);
  // Known before there are rows: the tunnels arrive, and are indexed, while somebody still chooses a file.
  const known = useRowRules(session, account.id, table);
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => table.rows.length > 0,
        question: '',
        // Within this page's document everything is held, and there when one comes back.
        isSamePage: () => true,
      }),
      [table],
    ),
  );
  const hasRows = file !== undefined && counts.rows > 0;
  // The heading is another element with rows than without.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it takes the focus as the page opens, and with either of its two faces
  useEffect(() => title.current?.focus(), [hasRows]);
  const takeRows = ({ source, issues, notes, summary, rows, rowIssues }: ReadRows) => {
    table.load({ source, issues, notes, summary }, rows, marksOfReading(rowIssues));
  };
  const [isAsked, setAsked] = useState(false);
  const startOver = () => {
    table.load(undefined, []);
    setAsked(false);
  };
  const ask = (isNowAsked: boolean) => {
    setAsked(isNowAsked);
    if (!isNowAsked) title.current?.focus();
  };
  useQuickActions(hasRows ? [{ label: 'Start the import over', run: () => setAsked(true) }] : []);
  const heading = (
    <h1 ref={title} tabIndex={-1} className="font-semibold text-2xl">
      Import IPsec tunnels
    </h1>
  );
  if (hasRows) {
    return (
      <WholeWindow>
        <ImportRows
          session={session}
          account={account}
          table={table}
          known={known}
          file={file}
          heading={heading}
          startOver={{ isAsked, ask, run: startOver }}
        />
      </WholeWindow>
    );
  }
  return (
    <div className="flex flex-col gap-5">
      <div>
        {heading}
        <p className="text-kumo-subtle">
          From a spreadsheet, a file or this desk's own export. Nothing is created before you have seen every row.
        </p>
      </div>
      <ChooseFile onRead={takeRows} />
      <EarlierBatches accountId={account.id} />
    </div>
  );
}
