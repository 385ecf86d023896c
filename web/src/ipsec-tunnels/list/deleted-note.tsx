// Says over the list that a tunnel was deleted from it, and leads to making it again.

import { Button } from '@cloudflare/kumo/components/button';
import { XIcon } from '@phosphor-icons/react';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { VisibleText } from '../../ui/visible-text.tsx';
import { recreatePath, useLastChange } from '../delete/last-change.ts';

export interface DeletedNoteProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  readonly onDismiss: () => void;
}

/** Takes the focus, which was in the row that is gone. */
export function DeletedNote({ accountId, tunnel, onDismiss }: DeletedNoteProps) {
  const note = useRef<HTMLElement>(null);
  useEffect(() => {
    // When the dialog is gone: it has an idea of its own of where the focus should go.
    const timer = setTimeout(() => note.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  const { entry } = useLastChange(accountId, tunnel.id);
  return (
    <section
      ref={note}
      tabIndex={-1}
      aria-label={`${tunnel.name} was deleted`}
      className="flex items-center gap-2 rounded-lg bg-kumo-base py-1 pr-1 pl-4 text-sm ring ring-kumo-line"
    >
      <p className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere]">
        <VisibleText text={tunnel.name} /> was deleted.{' '}
        {entry && (
          <Link href={recreatePath(accountId, entry)} className="inline-block py-1 underline">
            Recreate it…
          </Link>
        )}
      </p>
      <Button variant="ghost" shape="square" size="sm" aria-label="Dismiss" icon={XIcon} onClick={onDismiss} />
    </section>
  );
}
