// The tunnels that were deleted elsewhere: each can be made again, or accepted as gone. Loaded when it is first opened.

import { Button } from '@cloudflare/kumo/components/button';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import { useId } from 'react';
import { Link } from 'wouter';
import { restoreTunnelPath } from '../../app/paths.ts';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { Modal } from '../../ui/modal.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { AcceptOutcomeNote, KnownAs } from './accept-outcome.tsx';
import type { DeletedElsewhere } from './drift-by-id.ts';
import { useAcceptDrift } from './use-accept-drift.ts';

export interface DeletedDialogProps {
  readonly account: SessionAccount;
  readonly deleted: readonly DeletedElsewhere[];
  readonly onClose: () => void;
}

const MAX_SHOWN = 100;

export function DeletedDialog({ account, deleted, onClose }: DeletedDialogProps) {
  const { running, last, accept } = useAcceptDrift(account.id);
  const reasonId = useId();
  const off = account.mayChange ? {} : { 'aria-disabled': true, 'aria-describedby': reasonId, className: OFF };
  return (
    <Modal title="Deleted elsewhere" onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
      <p className="text-sm" id={reasonId}>
        {account.mayChange
          ? 'Restore opens the form with what a tunnel was, without its key: it gets a new ID. Accept changes nothing at Cloudflare: this desk takes the tunnel for gone.'
          : 'To accept or restore takes the operator role.'}
      </p>
      <AcceptOutcomeNote last={last} />
      {deleted.length === 0 && <p className="text-kumo-subtle text-sm">No other tunnel was deleted elsewhere.</p>}
      <ul aria-label="Tunnels deleted elsewhere" className="flex flex-col divide-y divide-kumo-line">
        {deleted.slice(0, MAX_SHOWN).map((drift) => (
          <li key={drift.tunnelId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
            <div className="min-w-52 flex-1 [overflow-wrap:anywhere]">
              <p className="font-medium">
                <VisibleText text={drift.name} />
              </p>
              <p className="text-kumo-subtle text-sm">
                Known as <KnownAs drift={drift} />.
              </p>
            </div>
            <div className="flex items-center gap-4">
              {account.mayChange && (
                <Link
                  href={restoreTunnelPath(account.id, drift.tunnelId)}
                  aria-label={`Restore ${withVisibleCharacters(drift.name)}…`}
                  className="py-1 text-sm underline"
                >
                  Restore…
                </Link>
              )}
              <Button
                size="sm"
                {...off}
                aria-label={`Accept that ${withVisibleCharacters(drift.name)} is deleted`}
                loading={running === drift.tunnelId}
                onClick={() => account.mayChange && running === undefined && void accept(drift)}
              >
                Accept
              </Button>
            </div>
          </li>
        ))}
        {deleted.length > MAX_SHOWN && <li className="py-3 text-sm">and {deleted.length - MAX_SHOWN} more</li>}
      </ul>
    </Modal>
  );
}

const OFF = 'cursor-not-allowed opacity-50';
