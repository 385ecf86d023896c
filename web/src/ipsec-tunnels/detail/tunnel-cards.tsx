// Everything that a tunnel is, group by group, in the order of the form.

import { identitiesOf } from '@tunnel-desk/shared/ipsec-tunnels/identities';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { Card, FoldingCard } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { SecretValue } from '../../ui/secret-value.tsx';
import { Time } from '../../ui/time.tsx';
import { valueInWords } from '../form/tunnel-update.ts';
import type { ShownHealth } from '../health/health-by-name.ts';
import { BgpCard } from './bgp-card.tsx';
import { heldKey, markTaken } from './created-tunnel.ts';
import { unknownFields } from './unknown-fields.ts';
import { Fact, Value, ValueList } from './value-list.tsx';

export interface TunnelCardsProps {
  readonly accountId: string;
  readonly tunnel: IpsecTunnel;
  /** Absent while no health is known. */
  readonly health: ShownHealth | undefined;
  /** Whether the page shows the key elsewhere, if this tab holds it. */
  readonly isKeyElsewhere: boolean;
}

export function TunnelCards({ accountId, tunnel, health, isKeyElsewhere }: TunnelCardsProps) {
  return (
    <>
      <Card title="Tunnel">
        <ValueList>
          <Value label="Tunnel ID" value={tunnel.id} />
          <Value label="Account ID" value={accountId} />
          <Value label="Name" value={tunnel.name} />
          <Value label="Description" value={tunnel.description} prose />
          <Moment label="Created on" at={tunnel.created_on} />
          <Moment label="Modified on" at={tunnel.modified_on} />
          <Fact label="Automatic return routing">{tunnel.automatic_return_routing ? 'On' : 'Off'}</Fact>
        </ValueList>
      </Card>
      <SecurityValues accountId={accountId} tunnel={tunnel} isKeyElsewhere={isKeyElsewhere} />
      <HealthCheckValues tunnel={tunnel} />
      <BgpCard tunnel={tunnel} health={health} />
    </>
  );
}

/** The fields that this page does not know. */
export function MoreFields({ tunnel }: { readonly tunnel: IpsecTunnel }) {
  const unknown = unknownFields(tunnel);
  if (unknown === undefined) return null;
  const json = JSON.stringify(unknown, null, 2);
  const count = Object.keys(unknown).length;
  return (
    <FoldingCard title="More" state={count === 1 ? '1 other field' : `${count} other fields`}>
      <pre
        className="overflow-x-auto font-mono text-xs leading-relaxed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {json}
      </pre>
      <div>
        <CopyButton label="Copy JSON" text={json} />
      </div>
    </FoldingCard>
  );
}

function SecurityValues({ accountId, tunnel, isKeyElsewhere }: Omit<TunnelCardsProps, 'health'>) {
  const setOn = tunnel.psk_metadata?.last_generated_on;
  const key = isKeyElsewhere ? undefined : heldKey(tunnel.id);
  return (
    <Card title="Security">
      <ValueList>
        <Fact label="Pre-shared key">
          {setOn ? (
            <>
              Set on <Time at={setOn} />
            </>
          ) : (
            'None'
          )}
        </Fact>
        <Fact label="Replay protection">{tunnel.replay_protection ? 'On' : 'Off'}</Fact>
        {tunnel.allow_null_cipher !== undefined && (
          <Fact label="NULL cipher">{tunnel.allow_null_cipher ? 'Allowed' : 'Not allowed'}</Fact>
        )}
        {identitiesOf(accountId, tunnel).map(({ label, value }) => (
          <Value key={label} label={label} value={value} long />
        ))}
      </ValueList>
      {key !== undefined && <SecretValue label="pre-shared key" secret={key} onTaken={() => markTaken(tunnel.id)} />}
    </Card>
  );
}

function HealthCheckValues({ tunnel: { health_check } }: { readonly tunnel: IpsecTunnel }) {
  const { enabled = true, rate, type, direction, target } = health_check ?? {};
  const address = typeof target === 'object' ? (target.saved ?? target.effective) : target;
  return (
    <Card title="Health check">
      <ValueList>
        <Fact label="Run health checks">{enabled ? 'On' : 'Off'}</Fact>
        {rate && <Fact label="Rate">{valueInWords('health_check/rate', rate)}</Fact>}
        {type && <Fact label="Type">{valueInWords('health_check/type', type)}</Fact>}
        {direction && <Fact label="Direction">{valueInWords('health_check/direction', direction)}</Fact>}
        <Value label="Health check target" value={address} />
      </ValueList>
    </Card>
  );
}

function Moment({ label, at }: { readonly label: string; readonly at: string | undefined }) {
  return (
    <Value label={label} value={at} prose>
      {at && <Time at={at} />}
    </Value>
  );
}
