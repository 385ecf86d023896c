// Saves what is shown as a file. Loaded when it is first opened.

import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { type ExportFormat, saveTunnels } from './export-tunnels.ts';
import type { TunnelRow } from './tunnel-row.ts';

export interface ExportMenuProps {
  readonly accountId: string;
  readonly shown: readonly TunnelRow[];
  readonly button: HTMLElement;
  readonly onClose: () => void;
}

export function ExportMenu({ accountId, shown, button, onClose }: ExportMenuProps) {
  const save = (format: ExportFormat) =>
    saveTunnels(
      format,
      shown.map(({ tunnel }) => tunnel),
      accountId,
    );
  return (
    <DropdownMenu
      open
      onOpenChange={(isOpen) => {
        if (isOpen) return;
        button.focus();
        onClose();
      }}
    >
      <DropdownMenu.Content container={document.querySelector('main')} anchor={button} align="end" sideOffset={4}>
        <DropdownMenu.Group>
          <DropdownMenu.Label>
            {shown.length === 1 ? 'The tunnel' : `The ${shown.length} tunnels`} shown
          </DropdownMenu.Label>
          <DropdownMenu.Item onClick={() => save('csv')}>Export CSV</DropdownMenu.Item>
          <DropdownMenu.Item onClick={() => save('json')}>Export JSON</DropdownMenu.Item>
        </DropdownMenu.Group>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
