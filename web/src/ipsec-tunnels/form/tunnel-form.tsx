// The form of a tunnel as it stands on the page that creates one and on the page that edits one.

import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { KeyboardEvent, ReactNode } from 'react';
import { type LiveForm, LiveFormContext } from '../../forms/use-live-form.ts';
import { AdvancedCard } from './advanced-card.tsx';
import { BgpCard } from './bgp-card.tsx';
import { BlindChecksNote } from './blind-checks-note.tsx';
import { EndpointsCard } from './endpoints-card.tsx';
import { HealthCheckCard } from './health-check-card.tsx';
import { InterfaceAddressesCard } from './interface-addresses-card.tsx';
import { SecurityCard } from './security-card.tsx';
import { TunnelCard } from './tunnel-card.tsx';
import { UnlistedNote } from './unlisted-note.tsx';
import type { KnownAccount } from './use-advice.ts';

export interface TunnelFormProps {
  readonly session: Session;
  /** Empty while none is chosen. */
  readonly accountId: string;
  readonly liveForm: LiveForm<CreateIpsecTunnelRequest>;
  readonly known: KnownAccount;
  /** What stands above the cards, the heading with the ID `page-title` among it. */
  readonly above: ReactNode;
  /** The field or the text that says whose tunnel it is. */
  readonly account: ReactNode;
  /** What stands before the first card, where there is anything. */
  readonly device?: ReactNode;
  /** The card of a redundant pair, where one can be made. */
  readonly pair?: ReactNode;
  /** What it is called to set no key now. */
  readonly withoutKey: string;
  /** Whether a key was typed before the page was reloaded, which did not keep it. */
  readonly isKeyLost: boolean;
  /** What stands beside the cards: what will be sent, and the buttons. */
  readonly aside: ReactNode;
  readonly onValidate: () => void;
}

export function TunnelForm(props: TunnelFormProps) {
  const { session, accountId, liveForm, known, above, device, account, pair } = props;
  const { withoutKey, isKeyLost, aside, onValidate } = props;
  const validateOnShortcut = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onValidate();
  };
  return (
    <LiveFormContext value={liveForm}>
      <form
        noValidate
        aria-labelledby="page-title"
        onKeyDown={validateOnShortcut}
        onSubmit={(event) => {
          event.preventDefault();
          onValidate();
        }}
        className="flex flex-col gap-5 lg:grid lg:grid-cols-[minmax(0,45rem)_minmax(0,1fr)] lg:gap-x-8"
      >
        <div className="flex min-w-0 flex-col gap-5">
          {above}
          {known.tunnels === 'failed' ? (
            <BlindChecksNote isRetrying={known.isListing} onRetry={known.listAgain} />
          ) : (
            <UnlistedNote unlisted={known.unlisted} />
          )}
          {device}
          <TunnelCard account={account} />
          <EndpointsCard cloudflareEndpoints={known.advice?.cloudflareEndpoints ?? session.cloudflareEndpoints} />
          <InterfaceAddressesCard rules={session.rules} known={known} />
          {pair}
          <SecurityCard accountId={accountId} withoutKey={withoutKey} isKeyLost={isKeyLost} />
          <HealthCheckCard />
          <BgpCard accountId={accountId} />
          <AdvancedCard />
        </div>
        <aside
          aria-label="Review and send"
          className="contents lg:sticky lg:top-6 lg:flex lg:flex-col lg:gap-4 lg:self-start"
        >
          {aside}
        </aside>
      </form>
    </LiveFormContext>
  );
}
