import type { Session } from '@tunnel-desk/shared/api/session';
import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { ReactNode } from 'react';
import type { BoundField } from '../../forms/use-field.ts';
import { Card, FieldRow } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useNextFree } from './next-free.tsx';
import type { KnownAccount } from './use-advice.ts';
import { useField, useFieldValue } from './use-tunnel-field.ts';

export interface InterfaceAddressesCardProps {
  readonly rules: Session['rules'];
  readonly known: KnownAccount;
}

export function InterfaceAddressesCard({ rules, known }: InterfaceAddressesCardProps) {
  return (
    <Card title="Interface addresses">
      <FieldRow>
        <Ipv4Field name="interface_address" other="pair/second_interface_address" rules={rules} known={known} />
        <Ipv6Field name="interface_address6" rules={rules} />
      </FieldRow>
    </Card>
  );
}

type Ipv4Name = 'interface_address' | 'pair/second_interface_address';

export interface Ipv4FieldProps extends InterfaceAddressesCardProps {
  readonly name: Ipv4Name;
  /** That of the other tunnel of a pair. */
  readonly other: Ipv4Name;
}

export function Ipv4Field({ name, other, rules, known }: Ipv4FieldProps) {
  const field = useField(name);
  const otherAddress = useFieldValue(other);
  const isPair = useFieldValue('isPair');
  const nextFree = useNextFree(known, field, isPair ? otherAddress : '');
  return (
    <TextField
      {...field}
      explanation={
        rules.interfaceAddressRules === 'guide'
          ? "Cloudflare's side of a private or 169.254.240.0/20 /31 or /30."
          : "Cloudflare's side of a private IPv4 /31."
      }
      placeholder="10.0.0.0/31"
      actions={nextFree.button}
      meaning={
        <Meaning>
          {nextFree.said}
          <TwoSides field={field} />
        </Meaning>
      }
      mono
    />
  );
}

export interface Ipv6FieldProps extends Pick<InterfaceAddressesCardProps, 'rules'> {
  readonly name: 'interface_address6' | 'pair/second_interface_address6';
}

export function Ipv6Field({ name, rules }: Ipv6FieldProps) {
  const field = useField(name);
  return (
    <TextField
      {...field}
      explanation={`The first address of a /127${rules.virtualSubnet6 ? ` in ${rules.virtualSubnet6}` : ''}.`}
      placeholder="2001:db8::2/127"
      meaning={
        <Meaning>
          <TwoSides field={field} />
        </Meaning>
      }
      optional
      mono
    />
  );
}

/** There while it is empty as well, so that screen readers hear what appears. */
function Meaning({ children }: { readonly children: ReactNode }) {
  return (
    <div role="status" className="flex flex-col gap-1 text-sm empty:hidden">
      {children}
    </div>
  );
}

/** Who has which address on the link; nothing while the address is wrong or has no other side. */
function TwoSides({ field: { value, errors } }: { readonly field: BoundField<string> }) {
  const link = errors.length === 0 ? parseCidr(value.trim()) : undefined;
  const router = link && peerAddress(link);
  if (link === undefined || router === undefined) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
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
