// All fields of one row of an import, with what the rules say of each: the way to edit where there is no table.

import { Button } from '@cloudflare/kumo/components/button';
import type { CellIssue } from '@tunnel-desk/shared/ipsec-tunnels/import/findings';
import { withFix } from '@tunnel-desk/shared/ipsec-tunnels/import/groups';
import { type ImportRow, rowName } from '@tunnel-desk/shared/ipsec-tunnels/import/rows';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { useState } from 'react';
import { Modal } from '../../ui/modal.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { notesOn } from './cell-panel.tsx';
import { choicesOf, isMasked, isProse, rowTitle } from './cell-texts.ts';
import type { CheckedRow } from './import-table.ts';
import { ALL_FIELDS, withCell, withGeneratedKey } from './row-changes.ts';

export interface RowDialogProps {
  readonly checked: CheckedRow;
  /** What would be said of the row as it is edited; nothing of other rows. */
  readonly issuesOf: (row: ImportRow) => readonly CellIssue[];
  readonly cloudflareEndpoints: readonly string[];
  readonly onSave: (row: ImportRow) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

export function RowDialog(props: RowDialogProps) {
  const { checked, issuesOf, cloudflareEndpoints, onSave, onDelete, onClose } = props;
  const [row, setRow] = useState(checked.row);
  // What rows say of each other is known of the row as it was.
  const issues = row === checked.row ? [...checked.issues, ...checked.advisories] : issuesOf(row);
  const fixOf = (issue: CellIssue) => {
    if (issue.suggestion === undefined) return undefined;
    return { label: `Use ${issue.suggestion}`, apply: () => setRow((before) => withFix(before, issue)) };
  };
  return (
    <Modal
      title={<VisibleText text={rowTitle(checked.row)} />}
      onClose={onClose}
      actions={
        <>
          <Button variant="secondary-destructive" className="mr-auto" onClick={onDelete}>
            Delete row
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => onSave(row)}>
            Done
          </Button>
        </>
      }
    >
      {ALL_FIELDS.map((field) => (
        <TextField
          key={field}
          id={`row-${field}`}
          label={IPSEC_TUNNEL_LABELS[field]}
          explanation={field === 'psk' ? <KeyWords row={row} /> : <span className="font-mono">{field}</span>}
          optional={!REQUIRED.has(field)}
          value={row.cells[field] ?? ''}
          onChange={(text) => setRow((before) => withCell(before, field, text))}
          onBlur={() => undefined}
          choices={choicesOf(field, cloudflareEndpoints)}
          masked={isMasked(field)}
          mono={!isProse(field)}
          actions={
            field === 'psk' &&
            !row.generatesKey && <Button onClick={() => setRow((before) => withGeneratedKey(before))}>Generate</Button>
          }
          {...notesOn(
            issues.filter((issue) => issue.field === field),
            fixOf,
          )}
        />
      ))}
    </Modal>
  );
}

const REQUIRED: ReadonlySet<IpsecTunnelField> = new Set(['name', 'cloudflare_endpoint', 'interface_address']);

function KeyWords({ row: { generatesKey, sharesKeyWith } }: { readonly row: ImportRow }) {
  if (sharesKeyWith !== undefined)
    return `It has the key of ${rowName(sharesKeyWith)}. A key that you enter is its own.`;
  if (generatesKey) return 'A key is generated for it. A key that you enter takes its place.';
  return 'Empty: set later. It is never stored.';
}
