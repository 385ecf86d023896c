// Which columns the table has. Loaded when it is first opened.

import { DropdownMenu } from '@cloudflare/kumo/components/dropdown';
import { ALWAYS_SHOWN, COLUMN_IDS, COLUMNS, type ColumnId, DEFAULT_COLUMNS } from './columns.ts';

export interface ColumnMenuProps {
  readonly columns: readonly ColumnId[];
  readonly button: HTMLElement;
  readonly onChange: (columns: readonly ColumnId[]) => void;
  readonly onClose: () => void;
}

export function ColumnMenu({ columns, button, onChange, onClose }: ColumnMenuProps) {
  const toggle = (id: ColumnId, isOn: boolean) =>
    onChange(isOn ? [...columns, id] : columns.filter((each) => each !== id));
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
        {COLUMN_IDS.filter((id) => id !== ALWAYS_SHOWN).map((id) => (
          <DropdownMenu.CheckboxItem
            key={id}
            checked={columns.includes(id)}
            onCheckedChange={(isOn) => toggle(id, isOn)}
          >
            {COLUMNS[id].label}
          </DropdownMenu.CheckboxItem>
        ))}
        <DropdownMenu.Separator />
        <DropdownMenu.Item onClick={() => onChange(DEFAULT_COLUMNS)}>Back to the usual ones</DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
