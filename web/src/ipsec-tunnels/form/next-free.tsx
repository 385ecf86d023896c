// The button that puts the lowest free interface address in its field, and what is said of that: which it is, what it
// replaced, or why there is none.

import { Button } from '@cloudflare/kumo/components/button';
import { formatCidr, parseCidr, peerAddress } from '@tunnel-desk/shared/ip/cidr';
import type { FreeSubnet } from '@tunnel-desk/shared/ipsec-tunnels/free-addresses';
import { type ReactNode, useId, useState } from 'react';
import type { BoundField } from '../../forms/use-field.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { KnownAccount } from './use-advice.ts';
import { useFieldValue } from './use-tunnel-field.ts';

/** What the last press found, which is said as long as the value it left stands. */
interface Press {
  readonly found: FreeSubnet;
  readonly before: string;
  readonly after: string;
}

const WHY_OFF: Record<Exclude<KnownAccount['tunnels'], 'listed'>, string> = {
  'no-account': 'Next free is off until the account is chosen.',
  loading: "Next free is off while the account's tunnels are being listed.",
  failed: "Next free is off: it needs the list of the account's tunnels, and that can't be had now.",
};

export interface NextFree {
  /** Stands beside the input, and keeps the focus when it is pressed. */
  readonly button: ReactNode;
  /** Stands in a live region; nothing until there is something to say. */
  readonly said: ReactNode;
}

/** `besides` is an address that is taken too: that of the other tunnel of a pair. */
export function useNextFree(known: KnownAccount, field: BoundField<string>, besides: string): NextFree {
  const { label, value, onChange, readOnly } = field;
  const isUpper = useFieldValue('device') === 'azure';
  const [press, setPress] = useState<Press>();
  const [isReasonAsked, setReasonAsked] = useState(false);
  const reasonId = useId();
  const whyOff = known.tunnels === 'listed' ? undefined : WHY_OFF[known.tunnels];
  const isOff = whyOff !== undefined || readOnly;
  const fill = () => {
    const lowest = known.advice?.findFreeSubnet([{ interface_address: besides.trim() }]);
    if (lowest === undefined) return;
    const found = isUpper ? withUpperAddress(lowest) : lowest;
    const after = found.kind === 'free' ? found.interfaceAddress : value;
    setPress({ found, before: value.trim(), after });
    if (after !== value) onChange(after);
  };
  // Listing the tunnels mostly takes a moment, in which a line that comes and goes would only move the page.
  const isUnseen = known.tunnels === 'loading' && !isReasonAsked;
  const reason = whyOff && (
    <p id={reasonId} className={isUnseen ? 'sr-only' : QUIET}>
      {whyOff}
    </p>
  );
  return {
    button: (
      <>
        <Button
          aria-label={`Next free ${label.charAt(0).toLowerCase()}${label.slice(1)}`}
          aria-disabled={isOff}
          aria-describedby={whyOff && reasonId}
          title={whyOff}
          onClick={isOff ? () => setReasonAsked(true) : fill}
          className={isOff ? 'cursor-not-allowed opacity-50' : ''}
        >
          Next free
        </Button>
        {isUnseen && reason}
      </>
    ),
    said: (
      <>
        {!isUnseen && reason}
        {press?.after === value && <WhatItDid press={press} isAllKnown={known.unlisted.length === 0} />}
      </>
    ),
  };
}

/** The same subnet, whose upper address is Cloudflare's: Azure takes only the lower one. */
function withUpperAddress(found: FreeSubnet): FreeSubnet {
  const subnet = found.kind === 'free' ? parseCidr(found.interfaceAddress) : undefined;
  const address = subnet && peerAddress(subnet);
  return found.kind === 'full' || subnet === undefined || address === undefined
    ? found
    : { ...found, interfaceAddress: formatCidr({ ...subnet, address }) };
}

const QUIET = 'text-kumo-subtle';

function WhatItDid({ press, isAllKnown }: { readonly press: Press; readonly isAllKnown: boolean }) {
  const { found, before, after } = press;
  if (found.kind === 'full') return <p className={QUIET}>No free /31 in {found.pools.join(' or ')}.</p>;
  return (
    <p className={QUIET}>
      {found.interfaceAddress} is the lowest {isAllKnown ? 'free /31' : '/31'} in {found.pool}
      {!isAllKnown && ' that no known tunnel has'}.
      {before !== '' && before !== after && (
        <>
          {' '}
          It replaces <VisibleText text={before} dir="ltr" />.
        </>
      )}
    </p>
  );
}
