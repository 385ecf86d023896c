// A key that was just set, shown once: closing asks while nobody has taken it.

import { Button } from '@cloudflare/kumo/components/button';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useMemo, useRef, useState } from 'react';
import { useLeaveGuard } from '../../forms/leave-guard.ts';
import { Modal } from '../../ui/modal.tsx';
import { SecretValue } from '../../ui/secret-value.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { forgetKey } from '../detail/created-tunnel.ts';

export interface NewKeyDialogProps {
  readonly tunnel: IpsecTunnel;
  readonly secret: string;
  /** Whether the person typed it, and needs no other look at it. */
  readonly wasTyped: boolean;
  /** Whether the person has copied or revealed it already. */
  readonly isTaken: boolean;
  readonly onClose: () => void;
}

export function NewKeyDialog({ tunnel, secret, wasTyped, isTaken: wasTaken, onClose }: NewKeyDialogProps) {
  const isTaken = useRef(wasTaken);
  const [isAsking, setIsAsking] = useState(false);
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => !isTaken.current,
        question:
          'Leave this page? You have neither copied nor revealed the new pre-shared key, and nobody can show it again.',
      }),
      [],
    ),
  );
  const close = () => {
    if (!isTaken.current && !isAsking) {
      setIsAsking(true);
      return;
    }
    if (!isTaken.current) forgetKey(tunnel.id);
    onClose();
  };
  return (
    <Modal
      title={
        <>
          <VisibleText text={tunnel.name} /> has a new key
        </>
      }
      onClose={() => (isTaken.current ? onClose() : setIsAsking(true))}
      actions={
        isAsking && !isTaken.current ? (
          <>
            <Button onClick={() => setIsAsking(false)}>Stay</Button>
            <Button variant="destructive" onClick={close}>
              Close without it
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        )
      }
    >
      {isAsking && (
        <p role="alert" className="rounded-lg bg-kumo-danger-tint px-4 py-3 text-kumo-danger text-sm">
          You have neither copied nor revealed the key. Nobody can show it again: close this only if you want to
          generate another.
        </p>
      )}
      <p className="text-sm">
        Put it on the router now: traffic stops at the next re-authentication until the router has it.
      </p>
      {!wasTyped && (
        <>
          <SecretValue
            label="new pre-shared key"
            secret={secret}
            onTaken={() => {
              isTaken.current = true;
              setIsAsking(false);
            }}
          />
          <p className="text-kumo-subtle text-sm">
            This tab has it until it is reloaded or closed. Neither this desk nor Cloudflare shows it again.
          </p>
        </>
      )}
    </Modal>
  );
}
