// Corrects a row that was not created, with what Cloudflare and the form's own rules say of it, and has it tried again.

import { Button } from '@cloudflare/kumo/components/button';
import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import type { CellIssue, RowChecks } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { withFix } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { cellsOf, requestOf } from '@tunnel-desk/shared/ipsec-tunnels/import/requests';
import { type ImportRow, rowLabel } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { type FormEvent, useState } from 'react';
import { Modal } from '../../ui/modal.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { ShownRow } from './shown-rows.ts';

export interface EditRowDialogProps {
  readonly accountId: string;
  readonly shown: ShownRow;
  readonly checks: RowChecks;
  readonly cloudflareEndpoints: readonly string[];
  /** Tries the row again with this request. */
  readonly onTry: (request: object) => void;
  readonly onClose: () => void;
}

/** The key has a field of its own, where it is asked for. */
const FIELDS = CELL_FIELDS.filter((field) => field !== 'psk');
const REQUIRED: ReadonlySet<IpsecTunnelField> = new Set(['name', 'cloudflare_endpoint', 'interface_address']);
const PROSE: ReadonlySet<IpsecTunnelField> = new Set(['name', 'description']);

export function EditRowDialog(props: EditRowDialogProps) {
  const { accountId, shown, checks, cloudflareEndpoints, onTry, onClose } = props;
  const { row: kept, number, name, errors } = shown;
  const [row, setRow] = useState<ImportRow>(() => ({
    number,
    cells: cellsOf(shown.request),
    // Its key, if it has one, is not among the cells: nothing is to be said of it here.
    generatesKey: true,
  }));
  const [changed, setChanged] = useState<ReadonlySet<IpsecTunnelField>>(new Set());
  const [isMissed, setIsMissed] = useState(false);
  const { issues, advisories } = checks.findingsOn(row);
  const change = (field: IpsecTunnelField, next: ImportRow) => {
    setRow(next);
    setChanged(new Set([...changed, field]));
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (issues.length === 0) return onTry(requestOf(row.cells, accountId));
    setIsMissed(true);
    document.getElementById(idOf(issues[0]?.field))?.focus();
  };
  const fixOf = (issue: CellIssue) =>
    issue.suggestion === undefined
      ? undefined
      : { label: `Use ${issue.suggestion}`, apply: () => change(issue.field, withFix(row, issue)) };
  const about = (field: IpsecTunnelField) => {
    const said = errors.filter((error) => error.field === field && !changed.has(field));
    return {
      errors: [
        ...said.map(({ message }) => ({ message })),
        ...issues.filter((issue) => issue.field === field).map((issue) => ({ ...issue, fix: fixOf(issue) })),
      ],
      advisories: advisories.flatMap((issue) =>
        issue.field === field && (issue.severity === 'risk' || issue.severity === 'note')
          ? [{ message: issue.message, severity: issue.severity, fix: fixOf(issue) }]
          : [],
      ),
    };
  };
  return (
    <Modal
      title={
        <>
          Row {rowLabel(kept.importRow ?? number)}, <VisibleText text={name} />
        </>
      }
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="edit-row" variant="primary">
            Save and try again
          </Button>
        </>
      }
    >
      <RowErrors messages={errors.filter(({ field }) => field === undefined).map(({ message }) => message)} />
      {isMissed && issues.length > 0 && (
        <p role="alert" className="text-kumo-danger text-sm">
          {issues.length === 1 ? '1 field has an issue' : `${issues.length} issues are left`}: nothing was sent.
        </p>
      )}
      <form id="edit-row" onSubmit={onSubmit} className="flex flex-col gap-5">
        {FIELDS.map((field) => (
          <TextField
            key={field}
            id={idOf(field)}
            label={IPSEC_TUNNEL_LABELS[field]}
            explanation={<span className="font-mono">{field}</span>}
            optional={!REQUIRED.has(field)}
            value={row.cells[field] ?? ''}
            onChange={(text) => change(field, { ...row, cells: { ...row.cells, [field]: text } })}
            onBlur={() => undefined}
            {...(field === 'cloudflare_endpoint' && { choices: cloudflareEndpoints })}
            masked={field === 'bgp.md5_key'}
            mono={!PROSE.has(field)}
            {...about(field)}
          />
        ))}
      </form>
    </Modal>
  );
}

function RowErrors({ messages }: { readonly messages: readonly string[] }) {
  if (messages.length === 0) return null;
  return (
    <ul className="rounded-lg bg-kumo-danger-tint px-3 py-2 text-kumo-danger text-sm [overflow-wrap:anywhere]">
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <li key={index}>
          <VisibleText text={message} dir="ltr" />
        </li>
      ))}
    </ul>
  );
}

function idOf(field: IpsecTunnelField | undefined): string {
  return `row-${field}`;
}
