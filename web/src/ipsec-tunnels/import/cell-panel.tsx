// What is said of the cell that one is in, with the buttons that fix it, and what else is wrong with its row.

import { Button } from '@cloudflare/kumo/components/button';
import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type FieldFix, type FieldNotes, Notes } from '../../ui/field-frame.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { issuesAt, rowTitle } from './cell-texts.ts';
import type { GridCell } from './grid-keys.ts';
import type { CheckedRow } from './import-table.ts';

export interface CellPanelProps {
  readonly checked: CheckedRow;
  readonly field: IpsecTunnelField;
  readonly fixOf: (issue: CellIssue) => FieldFix | undefined;
  readonly onActivate: (cell: GridCell) => void;
  readonly onOpen: () => void;
  readonly onDelete: () => void;
  readonly onUndo: (() => void) | undefined;
  /** What that takes back: "the edit". */
  readonly undoes: string | undefined;
}

export function CellPanel(props: CellPanelProps) {
  const { checked, field, fixOf, onActivate, onOpen, onDelete, onUndo, undoes } = props;
  const { row, issues } = checked;
  const others = [...new Set(issues.map((issue) => issue.field))].filter((each) => each !== field);
  return (
    <section
      aria-label="The cell"
      className="flex max-h-52 min-h-24 shrink-0 flex-col gap-1.5 overflow-y-auto rounded-lg bg-kumo-base px-3 py-2 ring ring-kumo-line"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">
          <span className="font-semibold">{IPSEC_TUNNEL_LABELS[field]}</span> · <VisibleText text={rowTitle(row)} />
        </h2>
        {onUndo && (
          <Button size="sm" onClick={onUndo} aria-keyshortcuts="Control+Z Meta+Z">
            Undo {undoes}
          </Button>
        )}
        <Button size="sm" onClick={onOpen}>
          All fields
        </Button>
        <Button size="sm" variant="secondary-destructive" onClick={onDelete}>
          Delete row
        </Button>
      </div>
      <Notes id="import-cell" {...notesOn(issuesAt(checked, field), fixOf)} />
      {others.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm">
          {issues.some((issue) => issue.field === field) ? 'Other issues in this row:' : 'Issues in this row:'}
          {others.map((other) => (
            <button
              key={other}
              type="button"
              className="cursor-pointer py-1 underline"
              onClick={() => onActivate({ number: row.number, field: other })}
            >
              {IPSEC_TUNNEL_LABELS[other]}
            </button>
          ))}
        </p>
      )}
    </section>
  );
}

/** As the form says it: advice only of what is not wrong. */
export function notesOn(issues: readonly CellIssue[], fixOf: (issue: CellIssue) => FieldFix | undefined): FieldNotes {
  const keyed = issues.map((issue) => ({
    key: `${issue.entry ?? ''} ${issue.message}`,
    message: issue.message,
    fix: fixOf(issue),
    severity: issue.severity,
  }));
  const errors = keyed.filter(({ severity }) => severity === 'issue');
  const advisories = keyed.flatMap(({ severity, ...advisory }) => {
    const isShown = severity === 'conflict' || (severity !== 'issue' && errors.length === 0);
    return isShown ? [{ ...advisory, severity }] : [];
  });
  const fixes = errors.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  return { errors, advisories, fixAll: fixes.length < 2 ? undefined : fixAll(fixes) };
}

function fixAll(fixes: readonly FieldFix[]): FieldFix {
  return {
    label: `Fix all ${fixes.length}`,
    apply: () => {
      // From the last on, because in a list a fix may make two entries of one.
      for (const fix of fixes.toReversed()) fix.apply();
    },
  };
}
