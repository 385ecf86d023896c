// The rows of an import on its page: what is wrong with them above, the table, what is said of the cell one is in, and what
// can be done with all of them.

import { Button } from '@cloudflare/kumo/components/button';
import type { Session, SessionAccount } from '@tunnel-desk/shared/api/session';
import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { type IssueGroup, withFix } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useSearchParams } from 'wouter';
import { useMediaQuery } from '../../lib/use-media-query.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { BottomBar } from '../../ui/bottom-bar.tsx';
import type { FieldFix } from '../../ui/field-frame.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { BlindChecksNote } from '../form/blind-checks-note.tsx';
import { UnlistedNote } from '../form/unlisted-note.tsx';
import { CellPanel } from './cell-panel.tsx';
import { CreateDialog } from './create-dialog.tsx';
import { FillDialog } from './fill-dialog.tsx';
import { cellAfter, type GridCell } from './grid-keys.ts';
import { ImportCards } from './import-cards.tsx';
import { type GridHandle, ImportGrid } from './import-grid.tsx';
import { type ImportedFile, type ImportTable, readyRows } from './import-table.ts';
import { IssueGroups, isSameGroup } from './issue-groups.tsx';
import { refusalsOf } from './refusals.ts';
import { withGeneratedKey } from './row-changes.ts';
import { RowCounts } from './row-counts.tsx';
import { RowDialog } from './row-dialog.tsx';
import { KEY_LOST } from './row-issues.ts';
import { FILTER_PARAMETER, readFilter, shownRows } from './shown-rows.ts';
import type { AccountOfImport } from './use-row-rules.ts';
import { useValidateAll } from './use-validate-all.ts';
import { ValidateAll } from './validate-all.tsx';

export interface ImportRowsProps {
  readonly session: Session;
  readonly account: SessionAccount;
  readonly table: ImportTable;
  readonly known: AccountOfImport;
  readonly file: ImportedFile;
  readonly heading: ReactNode;
  readonly startOver: { readonly isAsked: boolean; ask(isAsked: boolean): void; run(): void };
}

type OpenDialog = 'fill' | 'create' | { readonly row: number };

/** From where on there is room for a table. */
const WIDE = '(min-width: 48rem)';

export function ImportRows({ session, account, table, known, file, heading, startOver }: ImportRowsProps) {
  const snapshot = useSyncExternalStore(table.subscribe, table.snapshot);
  const { rows, columns, counts, groups, undoes } = snapshot;
  const [query, setQuery] = useSearchParams();
  const filter = readFilter(query);
  const [group, setGroup] = useState<IssueGroup>();
  const [active, setActive] = useState<GridCell>();
  const [dialog, setDialog] = useState<OpenDialog>();
  const [said, setSaid] = useState<readonly string[]>([]);
  const grid = useRef<GridHandle>(null);
  const isWide = useMediaQuery(WIDE);
  const shown = useMemo(
    () => shownRows(rows, { filter, group, keep: isWide ? active?.number : undefined }),
    [rows, filter, group, active?.number, isWide],
  );
  const cell = useMemo(
    () => cellAfter(active, [0, 0], { numbers: shown.map(({ row }) => row.number), columns, page: 1 }),
    [active, shown, columns],
  );
  const checked = shown.find(({ row }) => row.number === cell?.number);

  const validation = useValidateAll(
    useMemo(
      () => ({ accountId: account.id, ...session.rules, healthCheckTarget: 'string' as const }),
      [account.id, session.rules],
    ),
  );
  const { snapshot: validated, responseTo } = validation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every response is a new snapshot
  useEffect(() => table.setRefusals(refusalsOf(table.rows, responseTo)), [table, validated, rows]);
  const outcomes = useOutcomes(rows, responseTo, validated);

  const undo = undoes === undefined ? undefined : () => table.undo();
  const currentRow = (number: number) => table.rows.find((row) => row.number === number);
  const fixOf = (issue: CellIssue): FieldFix | undefined => {
    if (cell === undefined) return undefined;
    const replace = (label: string, change: (row: NonNullable<ReturnType<typeof currentRow>>) => typeof row) => {
      const row = currentRow(cell.number);
      if (row !== undefined) table.replace(label, [change(row)]);
      grid.current?.focus();
    };
    if (issue.suggestion !== undefined) {
      return { label: `Use ${issue.suggestion}`, apply: () => replace('the fix', (row) => withFix(row, issue)) };
    }
    if (issue === KEY_LOST) {
      return { label: 'Generate a key', apply: () => replace('the generated key', withGeneratedKey) };
    }
    if (!table.isMark(cell.number, issue)) return undefined;
    return {
      label: 'Keep as is',
      apply: () => keep((mark, number) => mark === issue && number === cell.number),
    };
  };
  const keep = (isAccepted: Parameters<ImportTable['accept']>[1]) => table.accept('keeping as is', isAccepted);
  const ways = (each: IssueGroup) => {
    const marked = each.rows.filter((number) => table.marks.get(number)?.some(each.has));
    if (marked.length === 0) return null;
    const accept = () => keep((mark) => each.has(mark));
    if (!each.has(KEY_LOST)) {
      return (
        <Button size="sm" onClick={accept}>
          {marked.length === 1 ? 'Keep as is' : `Keep all ${marked.length} as is`}
        </Button>
      );
    }
    const generate = () =>
      table.replace(
        'the generated keys',
        table.rows.filter(({ number }) => table.marks.get(number)?.includes(KEY_LOST)).map(withGeneratedKey),
      );
    return (
      <>
        <Button size="sm" onClick={generate}>
          Generate {marked.length === 1 ? 'a key' : `${marked.length} keys`}
        </Button>
        <Button size="sm" onClick={accept}>
          Leave {marked.length === 1 ? 'it' : 'them'} out
        </Button>
      </>
    );
  };
  const remove = (number: number) => {
    table.remove(new Set([number]));
    setDialog(undefined);
    grid.current?.focus();
  };
  const open = useCallback((number: number) => setDialog({ row: number }), []);
  const showGroup = (next: IssueGroup | undefined) => {
    setGroup(next);
    setActive(undefined);
    if (next !== undefined) setQuery((others) => without(others, FILTER_PARAMETER), { replace: true });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the table's answer is about its rows as they are
  const toValidate = useMemo(() => table.rowsToValidate(), [table, rows]);
  const ready = useMemo(() => readyRows(rows).map(({ row }) => row), [rows]);
  const isListing = known.state === 'loading' || !known.isInRules;
  const whyNot = whyNotCreate(account, ready.length, isListing, snapshot.checkedSoFar !== undefined);
  const openRow = typeof dialog === 'object' ? rows.find(({ row }) => row.number === dialog.row) : undefined;
  useQuickActions([
    { label: 'Fill in what the file leaves out', run: () => setDialog('fill') },
    { label: 'Create the tunnels that are ready', run: () => setDialog('create'), disabledReason: whyNot },
    ...(undo ? [{ label: `Undo ${undoes}`, run: undo }] : []),
  ]);
  const shownGroups = groups.filter(({ severity }) => (filter === 'advice') === (severity === 'risk'));

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2.5 md:-mx-1 md:scroll-pb-32 md:overflow-y-auto md:p-1">
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2">
        {heading}
        <p className="min-w-0 text-kumo-subtle text-sm [overflow-wrap:anywhere]">
          {file.source.name && (
            <>
              <VisibleText text={file.source.name} /> ·{' '}
            </>
          )}
          {file.summary}
        </p>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {startOver.isAsked ? (
            <>
              <span role="alert" className="text-sm">
                Discard all {counts.rows} rows?
              </span>
              <Button variant="destructive" onClick={startOver.run}>
                Discard
              </Button>
              <Button ref={focusAtOnce} onClick={() => startOver.ask(false)}>
                Keep
              </Button>
            </>
          ) : (
            <Button onClick={() => startOver.ask(true)}>Start over</Button>
          )}
          <Button onClick={() => setDialog('fill')}>Fill in…</Button>
          {!isWide && undo && <Button onClick={undo}>Undo {undoes}</Button>}
        </div>
      </div>
      <FileNotes file={file} />
      {known.state === 'failed' && <BlindChecksNote isRetrying={known.isListing} onRetry={known.listAgain} />}
      <UnlistedNote unlisted={known.unlisted} />
      <IssueGroups
        groups={shownGroups}
        shown={group}
        onShow={showGroup}
        onFix={(each) => {
          table.fix(each);
          if (group !== undefined && isSameGroup(group, each)) showGroup(undefined);
        }}
        onGone={() => grid.current?.focus()}
        ways={ways}
      />
      <RowCounts
        counts={counts}
        checkedSoFar={snapshot.checkedSoFar}
        filter={filter}
        isOneKind={group !== undefined}
        shown={shown.length}
        onShow={() => {
          setGroup(undefined);
          setActive(undefined);
        }}
      />
      <div role="status" className="shrink-0 text-sm empty:hidden">
        {said.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {shown.length === 0 ? (
        <p className="shrink-0 rounded-lg bg-kumo-base p-6 ring ring-kumo-line">No rows match this filter.</p>
      ) : isWide ? (
        <>
          <ImportGrid
            rows={shown}
            columns={columns}
            active={cell}
            cloudflareEndpoints={known.cloudflareEndpoints}
            outcomes={outcomes}
            handle={grid}
            onActivate={setActive}
            onEdit={({ number, field }, text) => table.edit(number, field, text)}
            onUndo={() => table.undo()}
          />
          {checked && cell && (
            <CellPanel
              checked={checked}
              field={cell.field}
              fixOf={fixOf}
              onActivate={(next) => {
                setActive(next);
                grid.current?.focus();
              }}
              onOpen={() => open(cell.number)}
              onDelete={() => remove(cell.number)}
              onUndo={undo}
              undoes={undoes}
            />
          )}
        </>
      ) : (
        <ImportCards rows={shown} onOpen={open} />
      )}
      <Bar isWide={isWide}>
        <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
          <div className="min-w-0 flex-1 basis-80">
            <ValidateAll validation={validation} rows={toValidate} />
          </div>
          <div className="flex flex-col items-start gap-1">
            <Button
              variant="primary"
              size="lg"
              aria-disabled={whyNot !== undefined}
              aria-describedby={whyNot && 'why-not-create'}
              className={whyNot === undefined ? '' : 'cursor-not-allowed opacity-50'}
              onClick={whyNot === undefined ? () => setDialog('create') : undefined}
            >
              {createWords(ready.length, counts.rows)}
            </Button>
            {whyNot && (
              <p id="why-not-create" className="max-w-80 text-kumo-subtle text-sm">
                {whyNot}
              </p>
            )}
          </div>
        </div>
      </Bar>
      {dialog === 'fill' && (
        <FillDialog
          session={session}
          rows={table.rows}
          known={known}
          onFill={(filled, notes) => {
            table.change('the fill', filled);
            setGroup(undefined);
            setSaid(notes);
            setDialog(undefined);
          }}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'create' && (
        <CreateDialog
          session={session}
          account={account}
          file={file}
          rows={ready}
          kept={counts.rows - ready.length}
          onStarted={() => table.release(new Set(ready.map(({ number }) => number)))}
          onClose={() => setDialog(undefined)}
        />
      )}
      {openRow && (
        <RowDialog
          key={openRow.row.number}
          checked={openRow}
          issuesOf={(row) => {
            const findings = table.findingsOn(row);
            return findings === undefined ? [] : [...findings.issues, ...findings.advisories];
          }}
          cloudflareEndpoints={known.cloudflareEndpoints}
          onSave={(row) => {
            if (row !== openRow.row) table.replace('the edit', [row]);
            setDialog(undefined);
          }}
          onDelete={() => remove(openRow.row.number)}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  );
}

/** It stays at the bottom; in a wide window under the table, which takes what room is left. */
function Bar({ isWide, children }: { readonly isWide: boolean; readonly children: ReactNode }) {
  if (!isWide) return <BottomBar>{children}</BottomBar>;
  return (
    <div className="sticky bottom-0 z-10 shrink-0 rounded-lg bg-kumo-base p-4 ring ring-kumo-line">{children}</div>
  );
}

/** What is wrong with the file as a whole, and what was guessed of it. */
function FileNotes({ file: { issues, notes } }: Pick<ImportRowsProps, 'file'>) {
  return (
    <>
      {issues.length > 0 && (
        <div className="shrink-0 rounded-lg bg-kumo-danger-tint px-4 py-2 text-kumo-danger text-sm">
          <ul className="[overflow-wrap:anywhere]">
            {issues.map((issue) => (
              <li key={issue}>
                <VisibleText text={issue} dir="ltr" />
              </li>
            ))}
          </ul>
        </div>
      )}
      {notes.length > 0 && (
        <ul className="shrink-0 text-kumo-subtle text-sm [overflow-wrap:anywhere]">
          {notes.map((note) => (
            <li key={note}>
              <VisibleText text={note} dir="ltr" />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const NO_OUTCOMES: ReadonlyMap<number, string> = new Map();

/** What Cloudflare said of the rows, in a word each. */
function useOutcomes(
  rows: ReturnType<ImportTable['snapshot']>['rows'],
  responseTo: ReturnType<typeof useValidateAll>['responseTo'],
  validated: unknown,
): ReadonlyMap<number, string> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: every response is a new snapshot
  return useMemo(() => {
    if (validated === undefined) return NO_OUTCOMES;
    return new Map(rows.flatMap(({ row }) => (responseTo(row)?.kind === 'valid' ? [[row.number, 'Validated']] : [])));
  }, [rows, validated]);
}

function createWords(ready: number, all: number): string {
  if (ready === all) return ready === 1 ? 'Create 1 tunnel' : `Create ${ready} tunnels`;
  return `Create the ${ready} ready, keep the rest here`;
}

function whyNotCreate(
  { label, mayChange }: SessionAccount,
  ready: number,
  isListing: boolean,
  isChecking: boolean,
): string | undefined {
  if (!mayChange) return `You may validate in ${label}, not create: that takes the operator role.`;
  if (isListing) return "The rows have yet to be checked against the account's tunnels, which are being listed.";
  if (isChecking) return 'The rows are still being checked.';
  return ready === 0 ? 'No row is ready: each has an issue.' : undefined;
}

function without(query: URLSearchParams, name: string): URLSearchParams {
  const left = new URLSearchParams(query);
  left.delete(name);
  return left;
}

/** The button that was pressed has gone. */
function focusAtOnce(button: HTMLElement | null): void {
  button?.focus();
}
