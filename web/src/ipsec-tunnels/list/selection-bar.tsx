// What can be done to the tunnels that are selected.

import { Button } from '@cloudflare/kumo/components/button';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { lazy, Suspense, useState } from 'react';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import type { ExportFormat } from './export-tunnels.ts';

const CopyAs = lazy(async () => ({ default: (await import('../copy-as/copy-as.tsx')).CopyAs }));
const DeleteManyDialog = lazy(async () => ({
  default: (await import('./many/delete-many-dialog.tsx')).DeleteManyDialog,
}));
const RotateManyDialog = lazy(async () => ({
  default: (await import('./many/rotate-many-dialog.tsx')).RotateManyDialog,
}));
const RouterFilesDialog = lazy(async () => ({
  default: (await import('./many/router-files-dialog.tsx')).RouterFilesDialog,
}));

export interface SelectionBarProps {
  readonly session: Session;
  readonly accountId: string;
  readonly tunnels: readonly IpsecTunnel[];
  /** How many of them the search and the filters hide at the moment. */
  readonly hidden: number;
  /** Why nothing may be changed here; `undefined` where it may. */
  readonly whyNotChange: string | undefined;
  readonly onClear: () => void;
}

interface OpenDialog {
  readonly kind: 'delete' | 'rotate' | 'router-files';
  /** Those that were selected when it was opened. */
  readonly tunnels: readonly IpsecTunnel[];
}

export function SelectionBar({ session, accountId, tunnels, hidden, whyNotChange, onClear }: SelectionBarProps) {
  const [dialog, setDialog] = useState<OpenDialog>();
  const close = () => setDialog(undefined);
  const save = async (format: ExportFormat) =>
    (await import('./export-tunnels.ts')).saveTunnels(format, tunnels, accountId);
  const mayChange = whyNotChange === undefined;
  const open = (kind: OpenDialog['kind']) => setDialog({ kind, tunnels });
  useQuickActions(
    tunnels.length === 0
      ? []
      : [
          { label: 'Export the selected tunnels as CSV', run: () => void save('csv') },
          { label: 'Export the selected tunnels as JSON', run: () => void save('json') },
          { label: 'Download the router configurations of the selected tunnels', run: () => open('router-files') },
          {
            label: 'Rotate the keys of the selected tunnels',
            run: () => open('rotate'),
            disabledReason: whyNotChange,
          },
          { label: 'Delete the selected tunnels', run: () => open('delete'), disabledReason: whyNotChange },
          { label: 'Clear the selection', run: onClear },
        ],
  );
  if (tunnels.length === 0 && dialog === undefined) return null;
  return (
    <section
      aria-label="Selected tunnels"
      className="flex flex-wrap items-center gap-2 rounded-lg bg-kumo-base px-3 py-2 ring ring-kumo-line"
    >
      <p role="status" className="mr-2 font-medium text-sm">
        {tunnels.length} selected
        {hidden > 0 && <span className="font-normal"> ({hidden} of them not shown)</span>}
      </p>
      <Button onClick={() => save('csv')}>Export CSV</Button>
      <Button onClick={() => save('json')}>Export JSON</Button>
      <Suspense>
        <CopyAs accountId={accountId} tunnels={tunnels} />
      </Suspense>
      <Button onClick={() => open('router-files')}>Router configurations</Button>
      <Button disabled={!mayChange} onClick={() => open('rotate')}>
        Rotate keys
      </Button>
      <Button variant="secondary-destructive" disabled={!mayChange} onClick={() => open('delete')}>
        Delete
      </Button>
      {whyNotChange && <span className="text-kumo-subtle text-sm">{whyNotChange}</span>}
      <Button variant="ghost" className="ml-auto" onClick={onClear}>
        Clear selection
      </Button>
      <Suspense>
        {dialog?.kind === 'delete' && (
          <DeleteManyDialog accountId={accountId} tunnels={dialog.tunnels} onClose={close} />
        )}
        {dialog?.kind === 'router-files' && (
          <RouterFilesDialog session={session} accountId={accountId} tunnels={dialog.tunnels} onClose={close} />
        )}
        {dialog?.kind === 'rotate' && (
          <RotateManyDialog accountId={accountId} tunnels={dialog.tunnels} onClose={close} />
        )}
      </Suspense>
    </section>
  );
}
