// What can be done to one tunnel. Loaded when it is first opened.

import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { useLocation } from 'wouter';
import { editTunnelPath, newTunnelPath, tunnelPath } from '../../app/paths.ts';
import type { TunnelRow } from './tunnel-row.ts';

export interface RowMenuProps {
  readonly accountId: string;
  readonly row: TunnelRow;
  /** The button it was opened by: it stands beside it, and gives the focus back to it. */
  readonly button: HTMLElement;
  /** Why nothing may be changed here; `undefined` where it may. */
  readonly whyNotChange: string | undefined;
  readonly onClose: () => void;
  readonly onSay: (message: string) => void;
}

export function RowMenu({ accountId, row, button, whyNotChange, onClose, onSay }: RowMenuProps) {
  const [, navigate] = useLocation();
  const { tunnel } = row;
  const close = () => {
    button.focus();
    onClose();
  };
  const copyId = async () => {
    try {
      await navigator.clipboard.writeText(tunnel.id);
      onSay(`The ID of ${tunnel.name} was copied.`);
    } catch {
      onSay(`The browser refused to copy. The ID of ${tunnel.name} is ${tunnel.id}.`);
    }
  };
  const createAnother = async () => {
    const [{ openNextWith, IS_NEXT }, { duplicateFrom }] = await Promise.all([
      import('../create/next-form.ts'),
      import('../form/duplicate.ts'),
    ]);
    openNextWith(duplicateFrom(tunnel, { accountId }, 'later'));
    navigate(newTunnelPath(accountId), { state: IS_NEXT });
  };
  const openDetail = () => navigate(tunnelPath(accountId, tunnel.id));
  return (
    <DropdownMenu
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) close();
      }}
    >
      <DropdownMenu.Content anchor={button} align="end" sideOffset={4} className="max-w-72">
        <DropdownMenu.Item onClick={openDetail}>Open</DropdownMenu.Item>
        <ChangeItem label="Edit" whyNot={whyNotChange} onClick={() => navigate(editTunnelPath(accountId, tunnel.id))} />
        <DropdownMenu.Item onClick={createAnother}>Create another like this</DropdownMenu.Item>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onClick={copyId}>Copy ID</DropdownMenu.Item>
        <DropdownMenu.Separator />
        <ChangeItem label="Rotate key" whyNot={whyNotChange} onClick={openDetail} />
        <ChangeItem label="Delete" whyNot={whyNotChange} onClick={openDetail} isDangerous />
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
