// One batch of creates: where it stands, for whoever opens it, and the place where it is run.

import { Button } from '@cloudflare/kumo/components/button';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Batch, RowState } from '@tunnel-desk/shared/api/batches';
import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { createRowChecks } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import {
  lazy,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Link } from 'wouter';
import { tunnelsPath } from '../../app/paths.ts';
import { useLeaveGuard } from '../../forms/leave-guard.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useLatest } from '../../lib/use-latest.ts';
import { Age } from '../../ui/age.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { batchQuery } from '../api/batches.ts';
import { explainListFailure } from '../api/list-failure.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { neighboursQuery } from '../api/list-neighbours.ts';
import { isKeyAtRisk } from '../detail/created-tunnel.ts';
import { PageNotice } from '../detail/page-notice.tsx';
import { BatchEnd } from './batch-end.tsx';
import { holdersTriedElsewhere, lacksKey } from './batch-keys.ts';
import { BatchProgress } from './batch-progress.tsx';
import { batchTitle } from './batch-words.ts';
import { KeyRequests, missingKeys } from './key-requests.tsx';
import { batchTunnels } from './made-tunnels.ts';
import { RowList } from './row-list.tsx';
import { countRows, type RowCounts, type ShownRow, shownRows } from './shown-rows.ts';
import { takeJustStarted } from './start-batch.ts';
import { StateFilter } from './state-filter.tsx';
import { holdSentKeys, useBatchRun } from './use-batch-run.ts';

const EditRowDialog = lazy(async () => ({ default: (await import('./edit-row-dialog.tsx')).EditRowDialog }));

export interface BatchPageProps {
  readonly session: Session;
  readonly account: SessionAccount;
  readonly batchId: string;
}

export function BatchPage({ session, account, batchId }: BatchPageProps) {
  const { data: batch, isError, error, isFetching, refetch } = useQuery(batchQuery(account.id, batchId));
  if (batch) return <BatchView session={session} account={account} batch={batch} isOld={isError} />;
  if (batch === null) {
    return (
      <PageNotice title="There is no such batch">
        <p>This account has none of this ID, or it was begun so long ago that the desk does not keep it any more.</p>
        <Link href={tunnelsPath(account.id)} className="underline">
          IPsec tunnels
        </Link>
      </PageNotice>
    );
  }
  if (isError) {
    const { title, whatNow } = explainListFailure(error);
    return (
      <PageNotice title="This batch can't be shown">
        <p>
          {title} {whatNow}
        </p>
        <Button loading={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </PageNotice>
    );
  }
  return (
    <p role="status" className="text-kumo-subtle">
      Loading…
    </p>
  );
}

interface BatchViewProps extends Omit<BatchPageProps, 'batchId'> {
  readonly batch: Batch;
  /** Whether it could not be read again when that was last tried. */
  readonly isOld: boolean;
}

const TAKES_OPERATOR = 'That takes the operator role.';

function BatchView({ session, account, batch, isOld }: BatchViewProps) {
  const accountId = account.id;
  const run = useBatchRun(accountId, batch.id);
  const rows = useMemo(() => shownRows(batch.rows, run.snapshot?.entries), [batch.rows, run.snapshot]);
  const counts = useMemo(() => countRows(rows), [rows]);
  const [, setKeysVersion] = useState(0);
  const [only, setOnly] = useState<RowState>();
  const [edited, setEdited] = useState<ShownRow>();
  const keyRequests = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const made = useTunnelsOf(accountId, rows, isSending(run));
  const triedElsewhere = useMemo(() => holdersTriedElsewhere(batch.rows), [batch.rows]);
  const needsKey = (row: ShownRow) => isToSend(row) && lacksKey(batch.id, row.row, triedElsewhere);
  const keys = missingKeys(rows, needsKey);
  const askForKeys = () => keyRequests.current?.focus();
  const latest = useLatest({ needsKey, retry: run.retry });
  const edit = useCallback(
    (row: ShownRow) => (latest.current.needsKey(row) ? keyRequests.current?.focus() : setEdited(row)),
    [latest],
  );
  const retry = useCallback(
    (row: ShownRow) =>
      latest.current.needsKey(row) ? keyRequests.current?.focus() : void latest.current.retry(row.row, row.request),
    [latest],
  );
  const whyNotChange = account.mayChange ? undefined : TAKES_OPERATOR;
  const title = batchTitle(batch);
  usePageTitle(`${counts.created} of ${rows.length} · ${title}`);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (holdSentKeys(batch)) setKeysVersion((version) => version + 1);
  }, [batch]);
  useRefreshing(accountId, batch.id, counts, rows.length, isSending(run));
  useGuard(run.isRunning, rows, made.deleted);
  useFocusKept(heading, run.isRunning);

  const beginWhereStarted = useEffectEvent(() => {
    if (takeJustStarted(batch.id)) void run.begin('not-tried');
  });
  useEffect(() => beginWhereStarted(), []);

  const shown = only === undefined ? rows : rows.filter(({ state }) => state === only);
  return (
    <div className="flex flex-col gap-5 pb-6">
      <div className="flex flex-col gap-1">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl [overflow-wrap:anywhere]">
          <VisibleText text={title} />
        </h1>
        <p className="text-kumo-subtle text-sm">
          Begun by <VisibleText text={batch.personName} /> <Age at={batch.createdAt} />.
          {counts.created < rows.length && ' The desk keeps where it stands: it can be resumed in any browser.'}
        </p>
      </div>
      {isOld && !isSending(run) && (
        <p role="alert" className="rounded-lg bg-kumo-warning-tint px-4 py-2 text-sm">
          What the desk knows of this batch can't be read just now: it may be further than is shown here.
        </p>
      )}
      <BatchProgress
        run={run}
        counts={counts}
        all={rows.length}
        ready={countRows(rows.filter((row) => !needsKey(row)))}
        whyNotChange={whyNotChange}
        onKeysNeeded={askForKeys}
      />
      {keys.length > 0 && whyNotChange === undefined && !isSending(run) && (
        <div ref={keyRequests} tabIndex={-1}>
          <KeyRequests batchId={batch.id} keys={keys} onHeld={() => setKeysVersion((version) => version + 1)} />
        </div>
      )}
      {!isSending(run) && counts['not-tried'] < rows.length && (
        <BatchEnd
          session={session}
          accountId={accountId}
          batch={batch}
          rows={rows}
          counts={counts}
          made={made}
          whyNotChange={whyNotChange}
        />
      )}
      <StateFilter counts={counts} all={rows.length} only={only} onOnly={setOnly} />
      <RowList
        accountId={accountId}
        rows={shown}
        deleted={made.deleted}
        lacksKey={needsKey}
        onEdit={whyNotChange === undefined ? edit : undefined}
        onRetry={retry}
      />
      <Suspense>
        {edited && (
          <EditRow
            session={session}
            accountId={accountId}
            shown={edited}
            onTry={(request) => {
              setEdited(undefined);
              void run.retry(edited.row, request);
            }}
            onClose={() => setEdited(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}

/** With its time: the same file may be imported again. */
function isToSend({ state }: ShownRow): boolean {
  return state === 'not-tried' || state === 'not-created';
}

/** Whether something is sent, or will be without anybody doing anything. */
function isSending({ snapshot }: ReturnType<typeof useBatchRun>): boolean {
  return snapshot?.phase.kind === 'running' || snapshot?.phase.kind === 'asked-to-wait';
}

const NO_TUNNELS: readonly IpsecTunnel[] = [];
const LARGE = 500;
const REFRESH_MS = { open: 2_000, large: 10_000, waiting: 10_000 };

/** Reads the batch again and again while another browser, or the desk itself, may be finding out more. */
function useRefreshing(accountId: string, batchId: string, counts: RowCounts, all: number, isSending: boolean): void {
  const queries = useQueryClient();
  const isOpen = counts['under-way'] + counts.unknown > 0;
  const openMs = all > LARGE ? REFRESH_MS.large : REFRESH_MS.open;
  const everyMs = isSending ? undefined : isOpen ? openMs : counts['not-tried'] > 0 ? REFRESH_MS.waiting : undefined;
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void queries.refetchQueries(batchQuery(accountId, batchId));
    }, everyMs);
    return () => clearInterval(timer);
  }, [queries, accountId, batchId, everyMs]);
}

/** The tunnels that the batch made, and whether those of which it needs the account's list can be had. */
function useTunnelsOf(accountId: string, rows: readonly ShownRow[], isSending: boolean) {
  const {
    data: listed = NO_TUNNELS,
    dataUpdatedAt,
    errorUpdatedAt,
    isFetching,
    refetch,
  } = useQuery({ ...ipsecTunnelsQuery(accountId), staleTime: Number.POSITIVE_INFINITY });
  const ids = useMemo(() => rows.flatMap(({ tunnelId }) => (tunnelId === undefined ? [] : [tunnelId])), [rows]);
  const [learnedAt, setLearnedAt] = useState(Number.POSITIVE_INFINITY);
  const count = ids.length;
  useEffect(() => {
    if (isSending || count === 0) return;
    // A list from before says nothing of a tunnel that was made since.
    setLearnedAt(Date.now());
    void refetch();
  }, [isSending, count, refetch]);
  const isFresh = !isSending && dataUpdatedAt > 0 && dataUpdatedAt >= learnedAt;
  const known = useMemo(() => batchTunnels(ids, listed, isFresh), [ids, listed, isFresh]);
  const hasFailed = errorUpdatedAt > dataUpdatedAt;
  return { ...known, unlisted: hasFailed ? known.unlisted : 0, isListing: isFetching, listAgain: () => void refetch() };
}

const RUNNING_QUESTION =
  'Leave this page? What is under way still ends, and the rest waits: the batch can be resumed here later.';
const KEYS_QUESTION =
  'Leave this page? Generated keys that you have neither copied nor downloaded are lost when you reload or close this tab.';

function useGuard(isRunning: boolean, rows: readonly ShownRow[], deleted: ReadonlySet<string>): void {
  const isAtRisk = () =>
    rows.some(({ tunnelId }) => tunnelId !== undefined && !deleted.has(tunnelId) && isKeyAtRisk(tunnelId));
  const latest = useLatest(isAtRisk);
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => isRunning || latest.current(),
        question: isRunning ? RUNNING_QUESTION : KEYS_QUESTION,
      }),
      [isRunning, latest],
    ),
  );
}

/** Where the button that had the focus goes with the end of a run, the heading takes it. */
function useFocusKept(heading: RefObject<HTMLElement | null>, isRunning: boolean): void {
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning && document.activeElement === document.body) heading.current?.focus();
    wasRunning.current = isRunning;
  }, [heading, isRunning]);
}

interface EditRowProps {
  readonly session: Session;
  readonly accountId: string;
  readonly shown: ShownRow;
  readonly onTry: (request: object) => void;
  readonly onClose: () => void;
}

/** With what the account has, as far as it is known. */
function EditRow({ session, accountId, ...props }: EditRowProps) {
  const { rules, cloudflareEndpoints } = session;
  const { data: tunnels } = useQuery({ ...ipsecTunnelsQuery(accountId), staleTime: Number.POSITIVE_INFINITY });
  const { data: beside } = useQuery(neighboursQuery(accountId));
  const checks = useMemo(() => {
    const otherTunnels = indexTunnels(tunnels ?? [], beside?.neighbours);
    const context = { otherTunnels, cloudflareEndpoints, interfaceAddressRules: rules.interfaceAddressRules };
    return createRowChecks({ accountId, rules, context });
  }, [accountId, rules, cloudflareEndpoints, tunnels, beside]);
  return <EditRowDialog accountId={accountId} checks={checks} cloudflareEndpoints={cloudflareEndpoints} {...props} />;
}
