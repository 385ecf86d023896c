// The list in a narrow window: a tunnel takes a few lines, and the page itself scrolls.

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ChangeEvent, memo, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { useLatest } from '../../lib/use-latest.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { DriftBadge } from '../drift/drift-badge.tsx';
import type { DriftById, ListedDrift } from '../drift/drift-by-id.ts';
import { type HealthByName, healthOf, type ShownHealth } from '../health/health-by-name.ts';
import { BgpState, KeyState, NameLink, State } from './cells.tsx';
import { type OpenMenu, RowCheckbox, RowMenuButton } from './table-row.tsx';
import type { TunnelRow } from './tunnel-row.ts';
import type { TunnelTable } from './use-tunnel-table.ts';

export interface TunnelCardsProps {
  readonly accountId: string;
  readonly table: TunnelTable;
  /** Absent while no health is known. */
  readonly health: HealthByName | undefined;
  /** Absent while it is not known what was done elsewhere. */
  readonly drift: DriftById | undefined;
  readonly onMenu: OpenMenu;
}

const CARD_HEIGHT = 116;
const OVERSCAN = 8;

export function TunnelCards({ accountId, table, health, drift, onMenu }: TunnelCardsProps) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const { rows } = table.getRowModel();
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => CARD_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const latestRows = useLatest(rows);
  const select = useCallback(
    (event: ChangeEvent<HTMLInputElement>, index: number) =>
      latestRows.current[index]?.getToggleSelectedHandler()(event),
    [latestRows],
  );
  return (
    <ul
      ref={list}
      aria-label="Tunnels"
      className="relative rounded-lg bg-kumo-base ring ring-kumo-line"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const row = rows[index];
        return (
          row && (
            <TunnelCard
              key={row.id}
              accountId={accountId}
              row={row.original}
              health={healthOf(health, row.original.tunnel.name)}
              drift={drift?.get(row.original.id)}
              index={index}
              count={rows.length}
              offset={start - top}
              isSelected={row.getIsSelected()}
              onSelect={select}
              onMenu={onMenu}
            />
          )
        );
      })}
    </ul>
  );
}

interface TunnelCardProps {
  readonly accountId: string;
  readonly row: TunnelRow;
  readonly health: ShownHealth | undefined;
  readonly drift: ListedDrift | undefined;
  readonly index: number;
  readonly count: number;
  readonly offset: number;
  readonly isSelected: boolean;
  readonly onSelect: (event: ChangeEvent<HTMLInputElement>, index: number) => void;
  readonly onMenu: OpenMenu;
}

const TunnelCard = memo(function TunnelCard(props: TunnelCardProps) {
  const { accountId, row, health, drift, index, count, offset, isSelected, onSelect, onMenu } = props;
  const { cloudflare_endpoint, customer_endpoint, interface_address } = row.tunnel;
  return (
    <li
      aria-posinset={index + 1}
      aria-setsize={count}
      className={`absolute inset-x-0 top-0 flex items-start gap-1 border-kumo-line border-b ${isSelected ? 'bg-kumo-tint' : ''}`}
      style={{ height: CARD_HEIGHT, transform: `translateY(${offset}px)` }}
    >
      <div className="w-10 shrink-0 pt-1">
        <RowCheckbox row={row} isSelected={isSelected} onChange={(event) => onSelect(event, index)} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5 py-2 text-sm">
        <p className="truncate text-base">
          <NameLink accountId={accountId} row={row} />
        </p>
        <p className="flex items-center gap-2">
          <span className="truncate">
            <State health={health} />
          </span>
          {drift && <DriftBadge drift={drift} />}
        </p>
        <p className="truncate">
          Key: <KeyState row={row} /> · BGP: <BgpState row={row} />
        </p>
        <p className="truncate font-mono text-kumo-strong text-xs">
          <VisibleText text={[cloudflare_endpoint, customer_endpoint].filter(Boolean).join(' ⇄ ')} />
        </p>
        <p className="truncate font-mono text-kumo-strong text-xs">
          <VisibleText text={[interface_address, row.routerAddress].filter(Boolean).join(' ⇄ ')} />
        </p>
      </div>
      <div className="shrink-0 p-1">
        <RowMenuButton row={row} onMenu={onMenu} />
      </div>
    </li>
  );
});
