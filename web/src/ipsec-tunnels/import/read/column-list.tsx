// Which columns an import knows, and a template that has them all.

import { Button } from '@cloudflare/kumo/components/button';
import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import { COLUMN_EXPLANATIONS, importTemplate } from '@tunnel-desk/shared/ipsec-tunnels/import/template';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import { saveFile } from '../../../lib/save-file.ts';

export function TemplateButton() {
  return (
    <Button onClick={() => saveFile('ipsec-tunnels-template.csv', 'text/csv;charset=utf-8', importTemplate())}>
      Download a template
    </Button>
  );
}

export function ColumnList() {
  return (
    <details className="rounded-lg bg-kumo-base ring ring-kumo-line">
      <summary className="cursor-pointer px-4 py-3 font-semibold sm:px-5">Which columns there are</summary>
      <div className="flex flex-col gap-3 px-4 pb-5 sm:px-5">
        <p className="max-w-prose">
          The first row names the columns, in any order, by either of their names. Leave out those you do not need. An
          endpoint, interface addresses, keys, health checks and BGP can be filled for all rows on the next page.
        </p>
        <dl>
          {CELL_FIELDS.map((field) => (
            <div key={field} className="grid gap-x-4 border-kumo-line border-t py-2 sm:grid-cols-[17rem_1fr]">
              <dt className="min-w-0">
                <span className="font-mono text-sm [overflow-wrap:anywhere]">{field}</span>
                <span className="block text-kumo-subtle text-sm">{IPSEC_TUNNEL_LABELS[field]}</span>
              </dt>
              <dd>{COLUMN_EXPLANATIONS[field]}</dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  );
}
