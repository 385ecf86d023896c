// The button that puts the lowest free interface address in its field, and says which it is and what it replaced.

import { Button } from '@cloudflare/kumo/components/button';
import type { FreeSubnet } from '@tunnel-desk/shared/ipsec-tunnels/free-addresses';
import { type ReactNode, useId, useState } from 'react';
import { VisibleText } from '../../ui/visible-text.tsx';
import type { KnownAccount } from './use-advice.ts';

export interface NextFreeButtonProps {
  readonly known: KnownAccount;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly readOnly: boolean;
}

/** What the last press has found, which is shown as long as the value it left stands. */
interface Press {
  readonly found: FreeSubnet;
  readonly replaced: string;
  readonly value: string;
}

const WHY_OFF: Record<Exclude<KnownAccount['tunnels'], 'listed'>, string> = {
  'no-account': 'Next free is off until the account is chosen.',
  loading: "Next free is off while the account's tunnels are being listed.",
  failed: "Next free is off: the account's tunnels can't be listed, so which addresses are free is not known.",
};

/** It keeps the focus: what it did is announced. Stands beside the input, its texts below both. */
export function NextFreeButton({ known, value, onChange, readOnly }: NextFreeButtonProps) {
  const [press, setPress] = useState<Press>();
  const reasonId = useId();
  const whyOff = known.tunnels === 'listed' ? undefined : WHY_OFF[known.tunnels];
  const isOff = whyOff !== undefined || readOnly;
  const fill = () => {
    const found = known.advice?.findFreeSubnet();
    if (found === undefined) return;
    const next = found.kind === 'free' ? found.interfaceAddress : value;
    setPress({ found, replaced: value.trim(), value: next });
    if (found.kind === 'free') onChange(next);
  };
  return (
    <>
      <Button
        aria-label="Next free interface address"
        aria-disabled={isOff}
        aria-describedby={whyOff && reasonId}
        title={whyOff}
        onClick={isOff ? undefined : fill}
        className={isOff ? 'cursor-not-allowed opacity-50' : ''}
      >
        Next free
      </Button>
      {whyOff && (
        // Seen only where it lasts: while the tunnels are being listed it would come and go.
        <p id={reasonId} className={known.tunnels === 'loading' ? 'sr-only' : TEXT}>
          {whyOff}
        </p>
      )}
      <p role="status" className={`${TEXT} empty:hidden`}>
        {press !== undefined && press.value === value && whatItDid(press, known)}
      </p>
    </>
  );
}

const TEXT = 'basis-full text-kumo-subtle text-sm';

function whatItDid({ found, replaced }: Press, { unlisted }: KnownAccount): ReactNode {
  if (found.kind === 'full') return `No free /31 in ${found.pools.join(' or ')}.`;
  const { interfaceAddress, pool } = found;
  return (
    <>
      {interfaceAddress} is the lowest free /31 in {pool}
      {unlisted.length > 0 && ', as far as the tunnels are known'}.
      {replaced !== '' && replaced !== interfaceAddress && (
        <>
          {' '}
          It replaces <VisibleText text={replaced} dir="ltr" />.
        </>
      )}
    </>
  );
}
