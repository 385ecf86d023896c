// Beside the filters: which columns there are, and what is shown as a file.

import { Button } from '@cloudflare/kumo/components/button';
import { ColumnsIcon, DownloadSimpleIcon } from '@phosphor-icons/react';
import { lazy, Suspense, useState } from 'react';
import type { ColumnId } from './columns.ts';
import type { TunnelRow } from './tunnel-row.ts';

const loadColumnMenu = () => import('./column-menu.tsx');
const ColumnMenu = lazy(async () => ({ default: (await loadColumnMenu()).ColumnMenu }));
const loadExportMenu = () => import('./export-menu.tsx');
const ExportMenu = lazy(async () => ({ default: (await loadExportMenu()).ExportMenu }));

export interface ListToolbarProps {
  readonly accountId: string;
  readonly shown: readonly TunnelRow[];
  readonly columns: readonly ColumnId[];
  /** Whether there is a table, whose columns one can choose. */
  readonly hasTable: boolean;
  readonly onColumns: (columns: readonly ColumnId[]) => void;
}

interface OpenMenu {
  readonly kind: 'columns' | 'export';
  readonly button: HTMLElement;
}

export function ListToolbar({ accountId, shown, columns, hasTable, onColumns }: ListToolbarProps) {
  const [menu, setMenu] = useState<OpenMenu>();
  const close = () => setMenu(undefined);
  return (
    <>
      {hasTable && (
        <Button
          icon={ColumnsIcon}
          aria-haspopup="menu"
          onPointerEnter={() => void loadColumnMenu()}
          onClick={({ currentTarget }) => setMenu({ kind: 'columns', button: currentTarget })}
        >
          Columns
        </Button>
      )}
      <Button
        icon={DownloadSimpleIcon}
        aria-haspopup="menu"
        disabled={shown.length === 0}
        onPointerEnter={() => void loadExportMenu()}
        onClick={({ currentTarget }) => setMenu({ kind: 'export', button: currentTarget })}
      >
        Export
      </Button>
      <Suspense>
        {menu?.kind === 'columns' && (
          <ColumnMenu columns={columns} button={menu.button} onChange={onColumns} onClose={close} />
        )}
        {menu?.kind === 'export' && (
          <ExportMenu accountId={accountId} shown={shown} button={menu.button} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
