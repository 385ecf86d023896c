import { InfoIcon } from '@phosphor-icons/react';
import type { TunnelKind } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import type { UnlistedKind } from '../api/list-neighbours.ts';

const NOUNS = {
  ipsec: 'IPsec tunnels',
  gre: 'GRE tunnels',
  interconnect: 'interconnects',
} as const satisfies Record<TunnelKind, string>;

/** Says against what names and addresses are not checked, where something that shares them cannot be listed. */
export function UnlistedNote({ unlisted }: { readonly unlisted: readonly UnlistedKind[] }) {
  const isUnlisted = (kind: TunnelKind) => unlisted.some((each) => each.kind === kind);
  const kinds: readonly TunnelKind[] = ['ipsec', 'gre', 'interconnect'];
  const checked = kinds.filter((kind) => !isUnlisted(kind)).map((kind) => NOUNS[kind]);
  const missing = kinds.filter(isUnlisted).map((kind) => NOUNS[kind]);
  return (
    <p role="status" className="flex items-start gap-1.5 text-kumo-subtle text-sm empty:hidden">
      {missing.length > 0 && (
        <>
          <InfoIcon aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span>
            Names and addresses are checked against {checked.join(' and ')} alone: {missing.join(' and ')} can't be
            listed
            {unlisted.every(({ isRefused }) => isRefused) ? " with this desk's token." : ' just now.'}
          </span>
        </>
      )}
    </p>
  );
}
