// The last question before tunnels are made of the rows that are ready: where, how many, how long, and what of their keys.

import { Badge } from '@cloudflare/kumo/components/badge';
import { Button } from '@cloudflare/kumo/components/button';
import { signInPath } from '@tunnel-desk/shared/api/paths';
import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import type { ImportRow } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { batchPagePath } from '../../app/paths.ts';
import { leaveFor } from '../../forms/leave-guard.ts';
import { shortId } from '../../lib/short-id.ts';
import { describe } from '../../submission/many-progress.tsx';
import type { Failure } from '../../submission/outcome.ts';
import { MIN_INTERVAL_MS } from '../../submission/run-many.ts';
import { FocusedAlert } from '../../ui/focused-alert.tsx';
import { Modal } from '../../ui/modal.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { startBatch } from '../batch/start-batch.ts';
import type { ImportedFile } from './import-table.ts';

export interface CreateDialogProps {
  readonly session: Session;
  readonly account: SessionAccount;
  readonly file: ImportedFile;
  /** Those to create. */
  readonly rows: readonly ImportRow[];
  /** How many stay on the page. */
  readonly kept: number;
  /** Takes the rows off the page: a batch has them now. */
  readonly onStarted: () => void;
  readonly onClose: () => void;
}

export function CreateDialog({ session, account, file, rows, kept, onStarted, onClose }: CreateDialogProps) {
  const [isStarting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [, navigate] = useLocation();
  const begin = async () => {
    setStarting(true);
    setFailure(undefined);
    const started = await startBatch({ accountId: account.id, source: file.source, rows });
    if (started.kind === 'failed') {
      setFailure(started);
      setStarting(false);
      return;
    }
    onStarted();
    navigate(batchPagePath(account.id, started.batchId));
  };
  const close = () => {
    if (!isStarting) onClose();
  };
  return (
    <Modal
      title={`Create ${tunnels(rows.length)}?`}
      onClose={close}
      actions={
        <>
          <Button disabled={isStarting} onClick={close}>
            Cancel
          </Button>
          <Button variant="primary" loading={isStarting} onClick={begin}>
            Create {tunnels(rows.length)}
          </Button>
        </>
      }
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        In the account{' '}
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
          <VisibleText text={account.label} />
        </span>
        <span className="font-mono text-kumo-subtle text-sm">{shortId(account.id)}</span>
        {session.mode === 'cloudflare' && <Badge variant="purple">Production</Badge>}
      </p>
      <p>
        They are created row by row, in about {describe(rows.length * MIN_INTERVAL_MS)}. You can pause or stop on the
        way, and it pauses at the first failure. If this page is closed, the desk keeps where it stands, and nothing is
        created twice.
      </p>
      <KeyWords rows={rows} />
      {kept > 0 && (
        <p>{kept === 1 ? 'One row stays' : `${kept} rows stay`} on this page, to be put right and created later.</p>
      )}
      {file.issues.length > 0 && (
        <ul className="list-disc pl-5 text-kumo-danger text-sm">
          {file.issues.map((issue) => (
            <li key={issue} className="[overflow-wrap:anywhere]">
              <VisibleText text={issue} dir="ltr" />
            </li>
          ))}
        </ul>
      )}
      {failure && (
        <FocusedAlert className="gap-2 bg-kumo-danger-tint text-kumo-danger">
          <p className="font-semibold">{failure.title} Nothing was created.</p>
          <p className="text-sm">{failure.whatNow}</p>
          {failure.needsSignIn && (
            <Button onClick={() => leaveFor(signInPath(window.location.pathname))}>Sign in again</Button>
          )}
        </FocusedAlert>
      )}
    </Modal>
  );
}

/** What happens to the keys, which this browser alone has. */
function KeyWords({ rows }: Pick<CreateDialogProps, 'rows'>) {
  const keyed = new Set(
    rows.filter(({ cells, generatesKey }) => cells.psk || generatesKey).map(({ number }) => number),
  );
  const own = rows.filter(({ cells }) => cells.psk).length;
  const generated = rows.filter(
    ({ cells, generatesKey, sharesKeyWith }) =>
      !cells.psk && (generatesKey || (sharesKeyWith !== undefined && keyed.has(sharesKeyWith))),
  ).length;
  const without = rows.length - own - generated;
  if (own + generated === 0) return <p>None of them has a pre-shared key: they carry no traffic until you set one.</p>;
  return (
    <div className="flex flex-col gap-2 rounded-lg bg-kumo-warning-tint px-4 py-3 text-sm">
      <p className="font-medium">
        {parts([
          [own, 'with a key of their own'],
          [generated, 'with a generated or shared key'],
          [without, 'without a key'],
        ])}
      </p>
      <p>
        The keys live only in this browser, in this tab. If it is reloaded or closed in the middle, rows with a key of
        their own ask for it again; you can also have one generated. Cloudflare never shows a key: download or copy the
        keys at the end.
      </p>
    </div>
  );
}

function parts(counted: readonly (readonly [number, string])[]): string {
  return counted
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(' · ');
}

function tunnels(count: number): string {
  return count === 1 ? '1 tunnel' : `${count} tunnels`;
}
