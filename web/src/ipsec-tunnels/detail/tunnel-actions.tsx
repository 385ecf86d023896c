// What can be done with the tunnel; what the person may not do stays where it is, with the reason.

import { Button, buttonVariants } from '@cloudflare/kumo/components/button';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Suspense, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { editTunnelPath, newTunnelPath } from '../../app/paths.ts';
import { IS_NEXT, openNextWith } from '../create/next-form.ts';
import { DeleteDialog, RotateKeyDialog } from '../dialogs.ts';
import { duplicateFrom } from '../form/duplicate.ts';
import type { PskSource } from '../form/fields.ts';

export interface TunnelActionsProps {
  readonly account: SessionAccount;
  readonly tunnel: IpsecTunnel;
  /** Where its key came from, for another tunnel like it. */
  readonly pskSource: PskSource;
  readonly isRotating: boolean;
  readonly onRotate: (isOpen: boolean) => void;
  readonly onDeleted: () => void;
}

export function TunnelActions(props: TunnelActionsProps) {
  const { account, tunnel, pskSource, isRotating, onRotate, onDeleted } = props;
  const [isDeleting, setIsDeleting] = useState(false);
  const [, navigate] = useLocation();
  const reasonId = useId();
  const { mayChange, id: accountId } = account;
  const off = mayChange ? {} : { 'aria-disabled': true, 'aria-describedby': reasonId, className: OFF };
  const createAnother = () => {
    openNextWith(duplicateFrom(tunnel, { accountId }, pskSource));
    navigate(newTunnelPath(accountId), { state: IS_NEXT });
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        {mayChange ? (
          <Link
            href={editTunnelPath(accountId, tunnel.id)}
            className={`${buttonVariants()} inline-flex items-center ${EDGE}`}
          >
            Edit
          </Link>
        ) : (
          <Button {...off}>Edit</Button>
        )}
        <Button {...off} onClick={() => mayChange && onRotate(true)}>
          {tunnel.psk_metadata?.last_generated_on ? 'Rotate key' : 'Set key'}
        </Button>
        <Button onClick={createAnother}>Create another like this</Button>
        <Button variant="secondary-destructive" {...off} onClick={() => mayChange && setIsDeleting(true)}>
          Delete
        </Button>
      </div>
      {!mayChange && (
        <p id={reasonId} className="text-kumo-subtle text-sm">
          You may look at this tunnel, not change it: that takes the operator role.
        </p>
      )}
      <Suspense>
        {isDeleting && (
          <DeleteDialog accountId={accountId} tunnel={tunnel} onClose={() => setIsDeleting(false)} onDone={onDeleted} />
        )}
        {isRotating && <RotateKeyDialog accountId={accountId} tunnel={tunnel} onClose={() => onRotate(false)} />}
      </Suspense>
    </div>
  );
}

/** The outline that the page's buttons have, on a link. */
const EDGE = '[--color-kumo-line:var(--color-control-edge)]';
const OFF = 'cursor-not-allowed opacity-50';
