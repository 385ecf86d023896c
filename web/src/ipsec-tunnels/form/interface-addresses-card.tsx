import type { Session } from '@tunnel-desk/shared/api/session';
import { formatIp } from '@tunnel-desk/shared/ip/address';
import { parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import { Card, FieldRow } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { TextProps } from './bound-fields.tsx';
import { NextFreeButton } from './next-free-button.tsx';
import type { KnownAccount } from './use-advice.ts';
import { useField } from './use-tunnel-field.ts';

export interface InterfaceAddressesCardProps {
  readonly rules: Session['rules'];
  readonly known: KnownAccount;
}

export function InterfaceAddressesCard({ rules, known }: InterfaceAddressesCardProps) {
  return (
    <Card title="Interface addresses">
      <FieldRow>
        <AddressField
          name="interface_address"
          explanation={
            rules.interfaceAddressRules === 'guide'
              ? "Cloudflare's side of a private or 169.254.240.0/20 /31 or /30."
              : "Cloudflare's side of a private IPv4 /31."
          }
          placeholder="10.0.0.0/31"
          known={known}
        />
        <AddressField
          name="interface_address6"
          explanation={`The first address of a /127${rules.virtualSubnet6 ? ` in ${rules.virtualSubnet6}` : ''}.`}
          placeholder="2001:db8::2/127"
          optional
        />
      </FieldRow>
    </Card>
  );
}

interface AddressFieldProps extends TextProps {
  /** Where a free address can be found for the field. */
  readonly known?: KnownAccount;
}

function AddressField({ name, known, ...props }: AddressFieldProps) {
  const field = useField(name);
  const { value, onChange, readOnly } = field;
  return (
    <TextField
      {...props}
      {...field}
      actions={known && <NextFreeButton known={known} value={value} onChange={onChange} readOnly={readOnly} />}
      meaning={field.errors.length === 0 && <TwoSides interfaceAddress={value} />}
      mono
    />
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
