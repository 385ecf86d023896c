// "Copy as": tunnels, or a form before it is sent, as a curl command, JSON or Terraform on the clipboard.

import { Button } from '@cloudflare/kumo/components/button';
import { CaretDownIcon } from '@phosphor-icons/react';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type ComponentType, useState } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { CopyOutcome } from '../../ui/copy-outcome.tsx';
import { type Copying, useCopy } from '../../ui/use-copy.ts';
import type { CopyAsMenuProps } from './copy-as-menu.tsx';

export interface CopyAsProps {
  readonly accountId: string;
  /** One, or all that are selected. */
  readonly tunnels: readonly IpsecTunnel[];
  readonly label?: string;
}

export function CopyAs({ accountId, tunnels, label = 'Copy as' }: CopyAsProps) {
  const { copy, last, forget } = useCopy();
  const source = () => ({ kind: 'tunnels', tunnels }) as const;
  return (
    <>
      <LoadedMenu accountId={accountId} label={label} source={source} copy={copy} />
      <CopyOutcome last={last} forget={forget} />
    </>
  );
}

export interface CopyFormAsProps {
  /** Empty while none is chosen. */
  readonly accountId: string;
  /** Whoever renders this says how it ended. */
  readonly copy: Copying['copy'];
  /** What the form sends. */
  readonly requestsOf: (request: Readonly<Record<string, unknown>>) => readonly Readonly<Record<string, unknown>>[];
}

/** For the live form around it, as it stands. */
export function CopyFormAs({ accountId, copy, requestsOf }: CopyFormAsProps) {
  const { validation } = useLiveFormContext();
  const source = () =>
    ({ kind: 'form', requests: requestsOf(validation.request), issueCount: validation.issues.length }) as const;
  return <LoadedMenu accountId={accountId} label="Copy as" source={source} copy={copy} />;
}

const loadMenu = async () => (await import('./copy-as-menu.tsx')).CopyAsMenu;

/** A button like the menu's until somebody goes for it. */
function LoadedMenu(props: CopyAsMenuProps) {
  const [state, setState] = useState<ComponentType<CopyAsMenuProps> | 'loading' | 'failed'>();
  if (typeof state === 'function') {
    const Menu = state;
    return <Menu {...props} />;
  }
  const open = async () => {
    setState('loading');
    try {
      const Menu = await loadMenu();
      setState(() => Menu);
    } catch {
      setState('failed');
    }
  };
  // By then it is mostly there when it is pressed; a failure is said when it matters.
  const prepare = () => void loadMenu().catch(() => undefined);
  return (
    <>
      <Button aria-haspopup="menu" onClick={open} onPointerEnter={prepare} onFocus={prepare}>
        {props.label}
        <CaretDownIcon aria-hidden />
      </Button>
      <span role="status" className="text-kumo-danger text-sm empty:hidden">
        {state === 'failed' && "The menu can't be loaded just now. Try again."}
      </span>
    </>
  );
}
