// Which columns an import knows, and a template that has them all.

import { CELL_FIELDS } from '@tunnel-desk/shared/ipsec-tunnels/cells';
import { IPSEC_TUNNEL_LABELS } from '@tunnel-desk/shared/ipsec-tunnels/labels';
import type { IpsecTunnelField } from '@tunnel-desk/shared/ipsec-tunnels/request';

export function ColumnList() {
  return (
    <details className="rounded-lg bg-kumo-base ring ring-kumo-line">
      <summary className="cursor-pointer px-4 py-3 font-semibold sm:px-5">Which columns there are</summary>
      <div className="flex flex-col gap-3 px-4 pb-5 sm:px-5">
        <p className="max-w-prose">
          The first row has the names of the columns, in any order: those on the left or those on the right, whatever
          their case and blanks. Leave out what you do not need. What the file leaves out can be filled for all rows on
          the next page.
        </p>
        <dl className="grid grid-cols-1 gap-x-4 sm:grid-cols-[auto_1fr]">
          {CELL_FIELDS.map((field) => (
            <div
              key={field}
              className="grid grid-cols-subgrid gap-y-0.5 border-kumo-line border-t py-1.5 sm:col-span-2"
            >
              <dt className="font-mono text-sm [overflow-wrap:anywhere]">{field}</dt>
              <dd>
                {IPSEC_TUNNEL_LABELS[field]}
                {NOTES[field] && <span className="text-kumo-subtle text-sm"> {NOTES[field]}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </details>
  );
}

const NOTES: Readonly<Partial<Record<IpsecTunnelField, string>>> = {
  name: 'required',
  cloudflare_endpoint: 'required, or filled for all rows',
  interface_address: 'required, or the next free one of a pool',
  psk: 'stays in this browser until its tunnel is created',
  replay_protection: 'true or false',
  automatic_return_routing: 'true or false',
  'custom_remote_identities.fqdn_id': 'its label alone, or all of it',
  'health_check.enabled': 'true or false',
  'bgp.customer_asn': 'required where a row has BGP',
  'bgp.extra_prefixes': 'with blanks between them',
};
