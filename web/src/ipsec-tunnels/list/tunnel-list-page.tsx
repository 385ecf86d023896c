// The start page: the tunnels of an account.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { lazy, type RefObject, Suspense, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { usePageTitle } from '../../lib/page-title.ts';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { CopyOutcome } from '../../ui/copy-outcome.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { WholeWindow } from '../../ui/whole-window.tsx';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { DeleteDialog, RotateKeyDialog } from '../dialogs.ts';
import { type AccountDriftView, useAccountDrift } from '../drift/use-account-drift.ts';
import { countStates } from '../health/health-by-name.ts';
import { type AccountHealthView, useAccountHealth } from '../health/use-account-health.ts';
import { DeletedNote } from './deleted-note.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterRows, NO_FILTER } from './filter-rows.ts';
import { Freshness } from './freshness.tsx';
import {
  CreateLink,
  ImportLink,
  ListFailed,
  LoadingList,
  NoTunnels,
  NothingMatches,
  NotKnownYet,
  RefreshFailed,
} from './list-states.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { sortRows } from './sort-rows.ts';
import { SummaryLine } from './summary-line.tsx';
import { TunnelCards } from './tunnel-cards.tsx';
import { rowOf, type TunnelRow } from './tunnel-row.ts';
import { TunnelTable } from './tunnel-table.tsx';
import { useListView } from './use-list-view.ts';
import { useTunnelTable } from './use-tunnel-table.ts';

const RowMenu = lazy(async () => ({ default: (await import('./row-menu.tsx')).RowMenu }));
const UnfinishedBatch = lazy(async () => ({ default: (await import('./unfinished-batch.tsx')).UnfinishedBatch }));
const DeletedDialog = lazy(async () => ({ default: (await import('../drift/deleted-dialog.tsx')).DeletedDialog }));

export interface TunnelListPageProps {
  readonly session: Session;
  readonly account: SessionAccount;
}

const REFRESH_EVERY_MS = 60_000;

export function TunnelListPage({ session, account }: TunnelListPageProps) {
  const accountId = account.id;
  // Only while the page is visible: that is the query's own way with an interval.
  const list = useQuery({ ...ipsecTunnelsQuery(accountId), refetchInterval: REFRESH_EVERY_MS });
  // Once the list is there: its first rows wait for nothing else.
  const health = useAccountHealth(accountId, list.data !== undefined);
  const drift = useAccountDrift(accountId, list.data !== undefined);
  const refresh = () => {
    void list.refetch();
    if (!list.data) return;
    health.refresh();
    drift.refresh();
  };
  const rows = useMemo(() => list.data?.map(rowOf) ?? [], [list.data]);
  const down = useMemo(() => (health.known ? countStates(health.known, rows).down : 0), [health.known, rows]);
  usePageTitle(down > 0 ? `(${down} down) IPsec tunnels` : 'IPsec tunnels');
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <WholeWindow>
      <div className="flex min-h-0 flex-1 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl">
            IPsec tunnels
          </h1>
          <div className="ml-auto flex items-center gap-2">
            {list.data && <Freshness at={list.dataUpdatedAt} isRefreshing={list.isFetching} onRefresh={refresh} />}
            <ImportLink accountId={accountId} />
            <CreateLink accountId={accountId}>Create tunnel</CreateLink>
          </div>
        </div>
        {list.isPending && <LoadingList />}
        {list.isLoadingError && <ListFailed error={list.error} isRetrying={list.isFetching} onRetry={refresh} />}
        {list.isRefetchError && (
          <RefreshFailed error={list.error} failedAt={list.errorUpdatedAt} shownSince={list.dataUpdatedAt} />
        )}
        {list.data && (
          <TunnelList
            session={session}
            account={account}
            rows={rows}
            health={health}
            drift={drift}
            heading={heading}
            onRefresh={refresh}
          />
        )}
      </div>
    </WholeWindow>
  );
}

interface TunnelListProps {
  readonly session: Session;
  readonly account: SessionAccount;
  readonly rows: readonly TunnelRow[];
  readonly health: AccountHealthView;
  readonly drift: AccountDriftView;
  /** Takes the focus where what had it goes. */
  readonly heading: RefObject<HTMLElement | null>;
  readonly onRefresh: () => void;
}

/** There where the account has no tunnel too: a dialog that is open stays, with the results or the key it shows. */
function TunnelList({ session, account, rows, health, drift, heading, onRefresh }: TunnelListProps) {
  const listView = useListView();
  const { view, change } = listView;
  const { known } = health;
  // Only what is sorted or filtered by state changes with it.
  const sortedBy = view.sort.column === 'state' ? known : undefined;
  const sorted = useMemo(() => sortRows(rows, view.sort, sortedBy), [rows, view.sort, sortedBy]);
  // What is typed shows at once, what it finds as soon as there is time.
  const filter = useDeferredValue(view.filter);
  const filteredBy = filter.state === undefined ? undefined : known;
  const driftedBy = filter.elsewhere === undefined ? undefined : drift.known;
  const shown = useMemo(
    () => filterRows(sorted, filter, { health: filteredBy, drift: driftedBy }),
    [sorted, filter, filteredBy, driftedBy],
  );
  const table = useTunnelTable(shown, view, change);
  const selected = useSelected(sorted, shown, table.state.rowSelection);
  const [menu, setMenu] = useState<OpenRowMenu>();
  const [dialog, setDialog] = useState<OpenDialog>();
  const [isDeletedShown, setIsDeletedShown] = useState(false);
  const [deleted, setDeleted] = useState<IpsecTunnel>();
  const queries = useQueryClient();
  const { copy, last, forget } = useCopy();
  const openMenu = useCallback((row: TunnelRow, button: HTMLElement) => setMenu({ row, button }), []);
  const isWide = useMediaQuery(WIDE);
  const List = isWide ? TunnelTable : TunnelCards;
  const whyNotChange = account.mayChange ? undefined : TAKES_OPERATOR;
  const isEmpty = rows.length === 0;
  const openDialog = (kind: OpenDialog['kind']) => menu && setDialog({ kind, tunnel: menu.row.tunnel });
  const closeDialog = () => setDialog(undefined);
  const onDeleted = (tunnel: IpsecTunnel) => {
    setDeleted(tunnel);
    // At once: what is read again may take a moment.
    queries.setQueryData(ipsecTunnelsQuery(account.id).queryKey, (listed) =>
      listed?.filter(({ id }) => id !== tunnel.id),
    );
  };
  useQuickActions([
    { label: 'Refresh the list', run: onRefresh },
    ...(shown.length > 0
      ? [{ label: 'Select all tunnels that match', run: () => table.toggleAllRowsSelected(true) }]
      : []),
  ]);
  return (
    <>
      {deleted && (
        <DeletedNote
          key={deleted.id}
          accountId={account.id}
          tunnel={deleted}
          onDismiss={() => {
            setDeleted(undefined);
            heading.current?.focus();
          }}
        />
      )}
      <Suspense>
        <UnfinishedBatch accountId={account.id} />
      </Suspense>
      {(!isEmpty || drift.deleted.length > 0) && (
        <SummaryLine
          accountId={account.id}
          rows={rows}
          health={known}
          drift={drift.known}
          deleted={drift.deleted.length}
          onShowDeleted={() => setIsDeletedShown(true)}
          shown={shown.length}
          view={view}
        />
      )}
      {!isEmpty && (
        <>
          {health.note && <p className="max-w-prose text-kumo-subtle text-sm">{health.note}</p>}
          {drift.note && <p className="max-w-prose text-kumo-subtle text-sm">{drift.note}</p>}
          <FilterBar
            {...listView}
            rows={rows}
            filter={view.filter}
            hasStates={health.isPermitted}
            hasDrift={(drift.known?.size ?? 0) > 0}
          >
            <ListToolbar
              accountId={account.id}
              shown={shown}
              columns={view.columns}
              hasTable={isWide}
              onColumns={(columns) => change({ columns })}
            />
          </FilterBar>
        </>
      )}
      <SelectionBar
        session={session}
        accountId={account.id}
        tunnels={selected.tunnels}
        hidden={selected.hidden}
        whyNotChange={whyNotChange}
        onClear={() => table.resetRowSelection(true)}
      />
      <CopyOutcome last={last} forget={forget} />
      {isEmpty ? (
        <NoTunnels accountId={account.id} />
      ) : filter.state !== undefined && known === undefined ? (
        <NotKnownYet by="state" isPending={health.isPending} onClear={() => change({ filter: NO_FILTER })} />
      ) : filter.elsewhere !== undefined && drift.known === undefined ? (
        <NotKnownYet by="elsewhere" isPending={drift.isPending} onClear={() => change({ filter: NO_FILTER })} />
      ) : shown.length === 0 ? (
        <NothingMatches onClear={() => change({ filter: NO_FILTER })} />
      ) : (
        <List accountId={account.id} table={table} health={known} drift={drift.known} onMenu={openMenu} />
      )}
      <Suspense>
        {menu && (
          <RowMenu
            accountId={account.id}
            {...menu}
            whyNotChange={whyNotChange}
            onRotate={() => openDialog('rotate')}
            onDelete={() => openDialog('delete')}
            onClose={() => setMenu(undefined)}
            copy={copy}
          />
        )}
      </Suspense>
      <Suspense>
        {dialog?.kind === 'rotate' && (
          <RotateKeyDialog
            accountId={account.id}
            // As it is now: a key that was generated and lost is one that it has.
            tunnel={rows.find(({ id }) => id === dialog.tunnel.id)?.tunnel ?? dialog.tunnel}
            onClose={closeDialog}
          />
        )}
        {isDeletedShown && (
          <DeletedDialog account={account} deleted={drift.deleted} onClose={() => setIsDeletedShown(false)} />
        )}
        {dialog?.kind === 'delete' && (
          <DeleteDialog
            accountId={account.id}
            tunnel={dialog.tunnel}
            onClose={closeDialog}
            onDone={() => onDeleted(dialog.tunnel)}
          />
        )}
      </Suspense>
    </>
  );
}

/** The row whose menu is open, and the button it stands beside. */
interface OpenRowMenu {
  readonly row: TunnelRow;
  readonly button: HTMLElement;
}

/** What is being done to one tunnel, over the list. */
interface OpenDialog {
  readonly kind: 'rotate' | 'delete';
  readonly tunnel: IpsecTunnel;
}

/** From where on a table has room for its columns. */
const WIDE = '(min-width: 48rem)';
const TAKES_OPERATOR = 'That takes the operator role.';

/** The tunnels that are selected, in the order of the list, and how many of them are not shown. */
function useSelected(
  rows: readonly TunnelRow[],
  shown: readonly TunnelRow[],
  selection: Readonly<Record<string, boolean>>,
) {
  return useMemo(() => {
    // With every letter of a search: 10,000 rows need not be asked where none can be.
    if (Object.keys(selection).length === 0) return NOTHING_SELECTED;
    const isSelected = ({ id }: TunnelRow) => selection[id] === true;
    const tunnels = rows.filter(isSelected).map(({ tunnel }) => tunnel);
    return { tunnels, hidden: tunnels.length - shown.filter(isSelected).length };
  }, [rows, shown, selection]);
}

const NOTHING_SELECTED = { tunnels: [], hidden: 0 };
