// The page on which a tunnel is created: the form, what it will send, and what became of it.

import { useQueryClient } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useWatch } from 'react-hook-form';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { type CreatedTunnel, holdKey } from '../created/created-tunnel.ts';
import { CREATED_PATH, IS_NEXT } from '../paths.ts';
import { ActionBar } from './action-bar.tsx';
import { AdvancedCard } from './advanced-card.tsx';
import { BgpCard } from './bgp-card.tsx';
import { isWorthKeeping } from './draft.ts';
import { EndpointsCard } from './endpoints-card.tsx';
import { FailureSummary } from './failure-summary.tsx';
import { TunnelFormContext } from './form-context.tsx';
import { HealthCheckCard } from './health-check-card.tsx';
import { InterfaceAddressesCard } from './interface-addresses-card.tsx';
import { useLeaveGuard } from './leave-guard.ts';
import type { Action } from './outcome.ts';
import { ProblemSummary } from './problem-summary.tsx';
import { RequestPanel } from './request-panel.tsx';
import { SecurityCard } from './security-card.tsx';
import { TunnelCard } from './tunnel-card.tsx';
import { EMPTY_FORM } from './tunnel-form.ts';
import { useLiveForm } from './use-live-form.ts';
import { useSubmission } from './use-submission.ts';

export interface CreateTunnelPageProps {
  readonly session: Session;
  readonly onAccountChange: (accountId: string) => void;
}

export function CreateTunnelPage({ session, onAccountChange }: CreateTunnelPageProps) {
  const tunnelForm = useLiveForm(session);
  const { form, store } = tunnelForm;
  const accountId = useWatch({ control: form.control, name: 'account_id' });
  const { running, last, send, clear, settle } = useSubmission();
  const [failedAttempts, setFailedAttempts] = useState(0);
  const queries = useQueryClient();
  const [, navigate] = useLocation();

  const title = useRef<HTMLHeadingElement>(null);
  const isNext = useHistoryState() === IS_NEXT;

  useEffect(() => {
    if (isNext) title.current?.focus();
  }, [isNext]);
  useEffect(() => onAccountChange(accountId), [accountId, onAccountChange]);
  useLeaveGuard(useCallback(() => isWorthKeeping(form.getValues()), [form]));

  const showCreated = (tunnel: IpsecTunnel) => {
    const { psk, ...values } = form.getValues();
    const state: CreatedTunnel = {
      accountId,
      tunnel,
      hasKey: psk !== '' || hasKeySince(tunnel),
      values: { ...values, psk: '' },
    };
    if (psk !== '') holdKey(tunnel.id, psk);
    // An empty form is nothing to be asked about on the way out.
    form.reset(EMPTY_FORM);
    navigate(CREATED_PATH, { state });
  };

  const submit = (action: Action) => {
    if (running !== undefined) return undefined;
    const onValid = async (request: CreateIpsecTunnelRequest) => {
      setFailedAttempts(0);
      store.setRefusals([]);
      const submission = await send(action, accountId, request, store.version);
      if (submission?.outcome.kind === 'failed') store.setRefusals(submission.outcome.refusals);
      if (submission?.outcome.kind !== 'created') return;
      queries.invalidateQueries(ipsecTunnelsQuery(accountId));
      showCreated(submission.outcome.tunnel);
    };
    const onInvalid = () => {
      clear();
      setFailedAttempts((attempts) => attempts + 1);
    };
    return form.handleSubmit(onValid, onInvalid)();
  };

  const validateOnShortcut = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit('validate');
  };

  return (
    <TunnelFormContext value={tunnelForm}>
      <form
        noValidate
        aria-labelledby="page-title"
        onKeyDown={validateOnShortcut}
        onSubmit={(event) => {
          event.preventDefault();
          submit('validate');
        }}
        className="flex flex-col gap-5 lg:grid lg:grid-cols-[minmax(0,45rem)_minmax(0,1fr)] lg:gap-x-8"
      >
        <div className="flex min-w-0 flex-col gap-5">
          <div>
            <h1 ref={title} tabIndex={-1} id="page-title" className="font-semibold text-2xl">
              Create an IPsec tunnel
            </h1>
            <p className="text-kumo-subtle">
              Everything is checked while you type. Nothing is created before you say so.
            </p>
          </div>
          {failedAttempts > 0 && <ProblemSummary key={failedAttempts} />}
          {last?.outcome.kind === 'failed' && (
            <FailureSummary
              key={last.at.getTime()}
              failure={last.outcome}
              action={last.action}
              at={last.at}
              idempotencyKey={last.key}
              onRetry={() => submit(last.action)}
              onFound={showCreated}
              onKnown={settle}
            />
          )}
          <TunnelCard accounts={session.accounts} />
          <EndpointsCard cloudflareEndpoints={session.cloudflareEndpoints} />
          <InterfaceAddressesCard rules={session.rules} />
          <SecurityCard />
          <HealthCheckCard />
          <BgpCard />
          <AdvancedCard />
        </div>
        <aside
          aria-label="Review and send"
          className="contents lg:sticky lg:top-6 lg:flex lg:flex-col lg:gap-4 lg:self-start"
        >
          <RequestPanel />
          <ActionBar
            running={running}
            last={last}
            createRefusal={createRefusal(session, accountId)}
            onCreate={() => submit('create')}
          />
        </aside>
      </form>
    </TunnelFormContext>
  );
}

/** Whether the tunnel says itself that it has a key, which a page that was reloaded does not know. */
function hasKeySince({ psk_metadata }: IpsecTunnel): boolean {
  return psk_metadata?.last_generated_on !== undefined;
}

/** Why the create button is off, where the person may only validate. */
function createRefusal({ accounts }: Session, accountId: string): string | undefined {
  const account = accounts.find(({ id }) => id === accountId);
  if (account === undefined || account.mayCreate) return undefined;
  return `You may validate in ${account.label}, not create: that takes the operator role.`;
}
