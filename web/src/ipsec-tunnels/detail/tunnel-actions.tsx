// What can be done with the tunnel; what the person may not do stays where it is, with the reason.

import { Button, buttonVariants } from '@cloudflare/kumo/components/button';
import type { SessionAccount } from '@tunnel-desk/shared/api/session';
import type { KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Suspense, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { editTunnelPath, newTunnelPath } from '../../app/paths.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { CopyAs } from '../copy-as/copy-as.tsx';
import { IS_NEXT, openNextWith } from '../create/next-form.ts';
import { DeleteDialog, RotateKeyDialog } from '../dialogs.ts';
import { duplicateFrom } from '../form/duplicate.ts';
import { showRouter } from '../router/router-hash.ts';

export interface TunnelActionsProps {
  readonly account: SessionAccount;
  readonly tunnel: IpsecTunnel;
  /** Where its key came from, for another tunnel like it. */
  readonly pskSource: KeySource;
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
  const rotate = tunnel.psk_metadata?.last_generated_on ? 'Rotate key' : 'Set key';
  const disabledReason = mayChange ? undefined : MAY_NOT;
  useQuickActions([
    {
      label: 'Edit this tunnel',
      shortcut: 'e',
      run: () => navigate(editTunnelPath(accountId, tunnel.id)),
      disabledReason,
    },
    { label: rotate, run: () => onRotate(true), disabledReason },
    { label: 'Show the router configuration', run: showRouter },
    { label: 'Create another like this', run: createAnother },
    { label: 'Delete this tunnel', run: () => setIsDeleting(true), disabledReason },
  ]);
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
          {rotate}
        </Button>
        <Button onClick={createAnother}>Create another like this</Button>
        <CopyAs accountId={accountId} tunnels={[tunnel]} />
        <Button variant="secondary-destructive" {...off} onClick={() => mayChange && setIsDeleting(true)}>
          Delete
        </Button>
      </div>
      {!mayChange && (
        <p id={reasonId} className="text-kumo-subtle text-sm">
          {MAY_NOT}
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

const MAY_NOT = 'You may look at this tunnel, not change it: that takes the operator role.';
/** The outline that the page's buttons have, on a link. */
const EDGE = '[--color-kumo-line:var(--color-control-edge)]';
const OFF = 'cursor-not-allowed opacity-50';
