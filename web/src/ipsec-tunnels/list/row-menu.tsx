// What can be done to one tunnel. Loaded when it is first opened.

import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { editTunnelPath, newTunnelPath, tunnelPath } from '../../app/paths.ts';
import type { Copying } from '../../ui/use-copy.ts';
import { copyable } from '../copy-as/copy-as-menu.tsx';
import { COPY_FORMATS } from '../copy-as/formats.ts';
import { ROUTER_HASH } from '../router/router-hash.ts';
import { hasKey } from './columns.ts';
import type { TunnelRow } from './tunnel-row.ts';

export interface RowMenuProps {
  readonly accountId: string;
  readonly row: TunnelRow;
  /** The button it was opened by: it stands beside it, and gives the focus back to it. */
  readonly button: HTMLElement;
  /** Opens a dialog over the list, which outlives this menu. */
  readonly onRotate: () => void;
  readonly onDelete: () => void;
  /** Why nothing may be changed here; `undefined` where it may. */
  readonly whyNotChange: string | undefined;
  readonly onClose: () => void;
  /** Copies a text, and says how that ended. */
  readonly copy: Copying['copy'];
}

export function RowMenu(props: RowMenuProps) {
  const { accountId, row, button, whyNotChange, onClose, onRotate, onDelete, copy } = props;
  const [, navigate] = useLocation();
  // All of the page is in a landmark, and so is its menu.
  const [main] = useState(() => document.querySelector('main'));
  const { tunnel } = row;
  const close = () => {
    button.focus();
    onClose();
  };
  const createAnother = async () => {
    const [{ openNextWith, IS_NEXT }, { duplicateFrom }] = await Promise.all([
      import('../create/next-form.ts'),
      import('../form/duplicate.ts'),
    ]);
    openNextWith(duplicateFrom(tunnel, { accountId }, 'later'));
    navigate(newTunnelPath(accountId), { state: IS_NEXT });
  };
  return (
    <DropdownMenu
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
    >
      <DropdownMenu.Content container={main} anchor={button} align="end" sideOffset={4} className="max-w-72">
        <DropdownMenu.Item onClick={() => navigate(tunnelPath(accountId, tunnel.id))}>Open</DropdownMenu.Item>
        <ChangeItem label="Edit" whyNot={whyNotChange} onClick={() => navigate(editTunnelPath(accountId, tunnel.id))} />
        <DropdownMenu.Item onClick={() => navigate(tunnelPath(accountId, tunnel.id) + ROUTER_HASH)}>
          Router configuration
        </DropdownMenu.Item>
        <DropdownMenu.Item onClick={createAnother}>Create another like this</DropdownMenu.Item>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onClick={() => copy({ text: tunnel.id, what: 'Tunnel ID', remarks: [] })}>
          Copy ID
        </DropdownMenu.Item>
        <DropdownMenu.Sub>
          <DropdownMenu.SubTrigger>Copy as</DropdownMenu.SubTrigger>
          <DropdownMenu.SubContent container={main}>
            {COPY_FORMATS.map((format) => (
              <DropdownMenu.Item
                key={format.label}
                onClick={() => copy(copyable(format, { kind: 'tunnels', tunnels: [tunnel] }, accountId))}
              >
                {format.label}
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.SubContent>
        </DropdownMenu.Sub>
        <DropdownMenu.Separator />
        <ChangeItem label={hasKey(tunnel) ? 'Rotate key' : 'Set key'} whyNot={whyNotChange} onClick={onRotate} />
        <ChangeItem label="Delete" whyNot={whyNotChange} onClick={onDelete} isDangerous />
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}

interface ChangeItemProps {
  readonly label: string;
  readonly whyNot: string | undefined;
  readonly onClick: () => void;
  readonly isDangerous?: boolean;
}

/** An entry that changes the tunnel; where it is off, it says why. */
function ChangeItem({ label, whyNot, onClick, isDangerous }: ChangeItemProps) {
  if (whyNot === undefined) {
    return (
      <DropdownMenu.Item onClick={onClick} variant={isDangerous ? 'danger' : 'default'}>
        {label}
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.Item disabled className="data-disabled:opacity-100">
      <span className="flex flex-col">
        <span className="text-kumo-subtle">{label}</span>
        <span className="text-kumo-subtle text-xs">{whyNot}</span>
      </span>
    </DropdownMenu.Item>
  );
}
