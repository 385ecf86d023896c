// The tunnel's BGP session: its state and how old that is, who talks to whom, and what to check where it does not.

import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SecretValue } from '../../ui/secret-value.tsx';
import type { ShownHealth } from '../health/health-by-name.ts';
import { type BgpCheck, diagnoseBgp, speakersOf } from './bgp-checks.ts';
import { BgpSessionState } from './tunnel-state.tsx';
import { Fact, Value, ValueList } from './value-list.tsx';

export interface BgpCardProps {
  readonly tunnel: IpsecTunnel;
  /** Absent while no health is known. */
  readonly health: ShownHealth | undefined;
}

export function BgpCard({ tunnel, health }: BgpCardProps) {
  const { bgp, bgp_status } = tunnel;
  if (bgp === undefined) return null;
  const diagnosis = diagnoseBgp(tunnel, health?.state, Date.now());
  const speakers = speakersOf(tunnel);
  return (
    <Card title="BGP">
      <ValueList>
        <Fact label="State">
          <BgpSessionState tunnel={tunnel} />
        </Fact>
        <Value label="Customer ASN" value={bgp.customer_asn.toString()} />
        {bgp_status?.bgp_state && <Fact label="Session">{bgp_status.bgp_state}</Fact>}
        {bgp_status?.tcp_established !== undefined && (
          <Fact label="TCP connection">{bgp_status.tcp_established ? 'Established' : 'Not established'}</Fact>
        )}
        <Value label="Cloudflare's speaker" value={withPort(speakers.cloudflare, bgp_status?.cf_speaker_port)} />
        <Value label="Your speaker" value={withPort(speakers.router, bgp_status?.customer_speaker_port)} />
        <Value label="Extra prefixes" value={bgp.extra_prefixes?.join('\n')} prose />
        <Value label="Import filter profile" value={bgp.import_filter_id} />
        <Value label="Export filter profile" value={bgp.export_filter_id} />
      </ValueList>
      {diagnosis?.kind === 'tunnel-first' && (
        <p className="text-sm">The tunnel itself is down: until it is up, no BGP session can be.</p>
      )}
      {diagnosis?.kind === 'checks' && <BgpChecks checks={diagnosis.checks} />}
      {bgp.md5_key && <SecretValue label="MD5 key" secret={bgp.md5_key} />}
    </Card>
  );
}

function BgpChecks({ checks }: { readonly checks: readonly BgpCheck[] }) {
  return (
    <section aria-label="What to check" className="flex flex-col gap-2 text-sm">
      <p>The session is not up, though the tunnel is not down. Check in this order, here on a Linux router with FRR:</p>
      <ol className="flex list-decimal flex-col gap-3 pl-5">
        {checks.map(({ what, sign, command }) => (
          <li key={command}>
            <p className="font-medium">{what}</p>
            <p className="flex items-start gap-1">
              <code className="min-w-0 flex-1 rounded-sm bg-kumo-tint px-2 py-1 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
                {command}
              </code>
              <CopyButton label={`Copy the command: ${what}`} text={command} iconOnly />
            </p>
            <p className="text-kumo-subtle">{sign}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function withPort(address: string | undefined, port: number | undefined): string | undefined {
  return address && port !== undefined ? `${address} port ${port}` : address;
}
