// What a batch has come to: how many tunnels it made, the files to take along, and the way back.

import { Button } from '@cloudflare/kumo/components/button';
import { useQueryClient } from '@tanstack/react-query';
import type { Batch } from '@tunnel-desk/shared/api/batches';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { lazy, Suspense, useState } from 'react';
import { saveFile } from '../../lib/save-file.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { Card } from '../../ui/card.tsx';
import { Modal } from '../../ui/modal.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { batchQuery } from '../api/batches.ts';
import { heldKey, isKeyAtRisk, markTaken } from '../detail/created-tunnel.ts';
import { NewKeys } from '../list/many/new-keys.tsx';
import { fileName, resultCsv, rowsToImport } from './batch-files.ts';
import type { BatchTunnels } from './made-tunnels.ts';
import { pairsAmong, type RowCounts, type ShownRow } from './shown-rows.ts';

const DeleteManyDialog = lazy(async () => ({
  default: (await import('../list/many/delete-many-dialog.tsx')).DeleteManyDialog,
}));
const RouterFilesDialog = lazy(async () => ({
  default: (await import('../list/many/router-files-dialog.tsx')).RouterFilesDialog,
}));

export interface BatchEndProps {
  readonly session: Session;
  readonly accountId: string;
  readonly batch: Batch;
  readonly rows: readonly ShownRow[];
  readonly counts: RowCounts;
  readonly made: BatchTunnels & { readonly isListing: boolean; listAgain(): void };
  /** Why nothing may be changed here; `undefined` where it may. */
  readonly whyNotChange: string | undefined;
}

type OpenDialog = 'keys' | 'router-files' | 'undo';

export function BatchEnd({ session, accountId, batch, rows, counts, made, whyNotChange }: BatchEndProps) {
  const { tunnels, deleted, unlisted } = made;
  const [dialog, setDialog] = useState<OpenDialog>();
  const [undone, setUndone] = useState<readonly IpsecTunnel[]>([]);
  const [, setTakenVersion] = useState(0);
  const queries = useQueryClient();
  const close = () => setDialog(undefined);
  const keys = tunnels.flatMap((tunnel) => {
    const psk = heldKey(tunnel.id);
    return psk === undefined ? [] : [{ tunnel, psk }];
  });
  const lost = lostKeys(rows, tunnels);
  const taken = new Set(keys.filter(({ tunnel }) => !isKeyAtRisk(tunnel.id)).map(({ tunnel }) => tunnel.id));
  const unmade = rows.filter(({ state }) => state === 'not-created' || state === 'not-tried');
  const save = (what: string, content: string) =>
    saveFile(fileName(batch.source.name, what), 'text/csv;charset=utf-8', content);
  const saveResult = async () => {
    // The desk's own words, and what it has found out since.
    const now = (await queries.fetchQuery(batchQuery(accountId, batch.id)).catch(() => batch)) ?? batch;
    save('result', resultCsv(accountId, now, tunnels));
  };
  const take = (...ids: readonly string[]) => {
    for (const id of ids) markTaken(id);
    setTakenVersion((version) => version + 1);
  };
  const undo = () => {
    setUndone(tunnels);
    setDialog('undo');
  };
  const actions = [
    { label: 'Download the result as CSV', run: () => void saveResult() },
    ...(unmade.length > 0
      ? [
          {
            label: `Download ${counted(unmade.length)} not created as CSV`,
            run: () => save('not-created', rowsToImport(unmade)),
          },
        ]
      : []),
    ...(tunnels.length > 0 ? [{ label: 'Router configurations', run: () => setDialog('router-files') }] : []),
    ...(keys.length > 0 ? [{ label: `Keys of ${counted(keys.length, 'tunnel')}`, run: () => setDialog('keys') }] : []),
  ];
  const undoLabel = `Undo: delete ${counted(tunnels.length, 'tunnel')}`;
  useQuickActions([
    ...actions,
    ...(tunnels.length > 0 ? [{ label: undoLabel, run: undo, disabledReason: whyNotChange }] : []),
  ]);
  return (
    <Card title={titleOf(counts.created, rows.length, deleted.size)}>
      <div className="flex flex-wrap gap-2">
        {actions.map(({ label, run }) => (
          <Button key={label} onClick={run}>
            {label}
          </Button>
        ))}
        {tunnels.length > 0 && (
          <Button variant="secondary-destructive" disabled={whyNotChange !== undefined} onClick={undo}>
            {undoLabel}
          </Button>
        )}
      </div>
      {unlisted > 0 && (
        <div role="alert" className="flex flex-col items-start gap-2 rounded-lg bg-kumo-warning-tint px-4 py-2 text-sm">
          <p>
            The account's tunnels can't be listed just now. {counted(unlisted, 'tunnel')} of this batch, made before
            this page was opened or by another browser, can't be among the router configurations, keys and Undo until
            they can; the result has only their IDs.
          </p>
          <Button size="sm" loading={made.isListing} onClick={made.listAgain}>
            List again
          </Button>
        </div>
      )}
      <p className="text-kumo-subtle text-sm">
        The CSV holds no keys.
        {keys.length > 0 && ' They are only in the memory of this tab: take them before you reload or close it.'}
      </p>
      {lost.length > 0 && (
        <p className="rounded-lg bg-kumo-warning-tint px-4 py-2 text-sm [overflow-wrap:anywhere]">
          {lost.length === 1
            ? 'The generated key of '
            : `The generated keys of ${lost.length} tunnels are not in this tab: `}
          <VisibleText text={namesInWords(lost)} />
          {lost.length === 1 ? ' is not in this tab.' : '.'} If nobody has taken {lost.length === 1 ? 'it' : 'them'}{' '}
          along where the batch was begun or resumed, rotate {lost.length === 1 ? 'that key' : 'those keys'}: Cloudflare
          never shows a key again.
        </p>
      )}
      {dialog === 'keys' && (
        <Modal
          title="Keys of this batch"
          onClose={close}
          actions={
            <Button variant="primary" onClick={close}>
              Close
            </Button>
          }
        >
          <NewKeys keys={keys} taken={taken} onTaken={take} goneWhen="reload or close this tab" />
        </Modal>
      )}
      <Suspense>
        {dialog === 'router-files' && (
          <RouterFilesDialog
            session={session}
            accountId={accountId}
            tunnels={tunnels}
            pairs={pairsAmong(rows)}
            onClose={close}
          />
        )}
        {dialog === 'undo' && <DeleteManyDialog accountId={accountId} tunnels={undone} onClose={close} />}
      </Suspense>
    </Card>
  );
}

function titleOf(created: number, all: number, deleted: number): string {
  return `${created} of ${counted(all, 'tunnel')} created${deleted > 0 ? `, ${deleted} deleted since` : ''}`;
}

/** The tunnels whose key was generated in a browser, and is not in this one. */
function lostKeys(rows: readonly ShownRow[], tunnels: readonly IpsecTunnel[]): readonly IpsecTunnel[] {
  const made = new Set(rows.flatMap(({ row, tunnelId }) => (row.keySource === 'generated' ? [tunnelId] : [])));
  return tunnels.filter(({ id }) => made.has(id) && heldKey(id) === undefined);
}

const MAX_NAMED = 10;

function namesInWords(tunnels: readonly IpsecTunnel[]): string {
  const names = tunnels.slice(0, MAX_NAMED).map(({ name }) => name);
  const more = tunnels.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function counted(count: number, noun = 'row'): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
