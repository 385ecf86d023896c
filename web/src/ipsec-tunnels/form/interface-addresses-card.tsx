import type { Session } from '@tunnel-desk/shared/api/session';
import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import { Card, FieldRow } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField } from './use-tunnel-field.ts';

export function InterfaceAddressesCard({ rules }: { readonly rules: Session['rules'] }) {
  const ipv4 = useField('interface_address');
  const ipv6 = useField('interface_address6');
  return (
    <Card title="Interface addresses">
      <FieldRow>
        <TextField
          {...ipv4}
          explanation={
            rules.interfaceAddressRules === 'guide'
              ? "Cloudflare's side of a private or 169.254.240.0/20 /31 or /30."
              : "Cloudflare's side of a private IPv4 /31."
          }
          placeholder="10.0.0.0/31"
          meaning={ipv4.errors.length === 0 && <TwoSides interfaceAddress={ipv4.value} />}
          mono
        />
        <TextField
          {...ipv6}
          explanation={`The first address of a /127${rules.virtualSubnet6 ? ` in ${rules.virtualSubnet6}` : ''}.`}
          placeholder="2001:db8::2/127"
          meaning={ipv6.errors.length === 0 && <TwoSides interfaceAddress={ipv6.value} />}
          optional
          mono
        />
      </FieldRow>
    </Card>
  );
}

/** Who has which address on the link; nothing while the address has no other side. */
function TwoSides({ interfaceAddress }: { readonly interfaceAddress: string }) {
  const link = parseCidr(interfaceAddress.trim());
  const router = link && peerAddress(link);
  if (link === undefined || router === undefined) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 text-sm" role="status">
      <span>
        Cloudflare <span className="font-mono">{formatIp(link.address)}</span>
      </span>
      <span aria-hidden>⇄</span>
      <span>
        <span className="font-mono">{formatIp(router)}</span> your router
      </span>
    </p>
  );
}
