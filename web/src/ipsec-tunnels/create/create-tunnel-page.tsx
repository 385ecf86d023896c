// The page on which a tunnel is created: the form, what it will send, and what became of it.

import { useQueryClient } from '@tanstack/react-query';
import { ipsecTunnelsPath, signInPath } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import { hasPreSharedKey, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useWatch } from 'react-hook-form';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { batchPagePath, isNewTunnelPath, newTunnelPath, tunnelPath } from '../../app/paths.ts';
import { isFilled, useSavedDraft } from '../../forms/draft.ts';
import { FieldLink } from '../../forms/field-link.tsx';
import { IssueSummary } from '../../forms/issue-summary.tsx';
import { leaveFor, useLeaveGuard } from '../../forms/leave-guard.ts';
import { fieldId } from '../../forms/use-field.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { FailureSummary, KnownFailure } from '../../submission/failure-summary.tsx';
import type { Action } from '../../submission/outcome.ts';
import { useServerIssues } from '../../submission/use-server-issues.ts';
import { type SubmissionTarget, useSubmission } from '../../submission/use-submission.ts';
import { createIpsecTunnel, validateIpsecTunnel } from '../api/create-ipsec-tunnel.ts';
import { findCreate } from '../api/find-create.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { type CreatedState, holdKey } from '../detail/created-tunnel.ts';
import { ActionBar } from '../form/action-bar.tsx';
import { tunnelDraft } from '../form/duplicate.ts';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFormValues } from '../form/fields.ts';
import { createReader } from '../form/read-response.ts';
import { reopened } from '../form/reopened.ts';
import { RequestPanel } from '../form/request-panel.tsx';
import { TunnelForm } from '../form/tunnel-form.tsx';
import { readValues, useTunnelForm } from '../form/use-tunnel-form.ts';
import { ACCOUNT_FIELD, ACCOUNT_MISSING, AccountField } from './account-field.tsx';
import { DeviceField } from './device-field.tsx';
import { HandOver } from './hand-over.tsx';
import { forgetNext, IS_NEXT, nextValues, recreatedIn } from './next-form.ts';
import { PairCard } from './pair-card.tsx';
import { useDraftInLink } from './use-draft-in-link.ts';
import { usePairSubmission } from './use-pair-submission.ts';

// Only for those who come by a link.
const SharedDraftNote = lazy(async () => ({ default: (await import('./shared-draft-note.tsx')).SharedDraftNote }));

export interface CreateTunnelPageProps {
  readonly session: Session;
  /** Empty while none is chosen. */
  readonly accountId: string;
}

export function CreateTunnelPage({ session, accountId }: CreateTunnelPageProps) {
  usePageTitle('Create an IPsec tunnel');
  const { running, last, send, clear, settle } = useSubmission<CreateIpsecTunnelRequest, IpsecTunnel>('create');
  const { initial, isKeyLost } = useInitialValues();
  const pair = usePairSubmission();
  const runningNow = running ?? pair.running;
  const isReadOnly = runningNow !== undefined;
  const { liveForm, known, rules } = useTunnelForm({ session, accountId, initial, isReadOnly });
  const { form, validation } = liveForm;
  const isPair = useWatch({ control: form.control, name: 'isPair' }) === true;
  const [failedAttempts, setFailedAttempts] = useState(0);
  const [sent, setSent] = useState({ name: initial.name.trim(), interfaceAddress: initial.interface_address.trim() });
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const title = useRef<HTMLHeadingElement>(null);
  const historyState = useHistoryState();
  const recreated = recreatedIn(historyState);
  const isNext = historyState === IS_NEXT || recreated !== undefined;
  const serverIssues = useServerIssues(validation);
  const draftInLink = useDraftInLink();

  useEffect(() => {
    if (isNext) title.current?.focus();
  }, [isNext]);
  useSavedDraft(form, validation, saveDraft);
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => isFilled(TUNNEL_FORM.fields, form.getValues()),
        question: 'Leave this form? Your entries are kept, but not the pre-shared key.',
        isSamePage: isNewTunnelPath,
      }),
      [form],
    ),
  );

  const target: SubmissionTarget<CreateIpsecTunnelRequest, IpsecTunnel> = {
    send: (request, key) => createIpsecTunnel(accountId, request, key),
    validate: (request) => validateIpsecTunnel(accountId, request),
    ...createReader,
  };

  const showCreated = (tunnel: IpsecTunnel) => {
    const { psk, pskSource } = readValues(form.getValues());
    const state: CreatedState = { created: { tunnel, pskSource, hasKey: psk !== '' || hasPreSharedKey(tunnel) } };
    if (psk !== '') holdKey(tunnel.id, psk, pskSource);
    emptyForm();
    navigate(tunnelPath(accountId, tunnel.id), { state });
  };

  /** An empty form is nothing to be asked about on the way out. */
  function emptyForm() {
    form.reset({ ...EMPTY_FORM });
    tunnelDraft.clear();
  }

  const submitPair = async (action: Action, requests: readonly CreateIpsecTunnelRequest[]) => {
    const { version } = validation;
    const { name, pskSource, 'pair/shares_key': sharesKey } = readValues(form.getValues());
    const { batchId, failures = [] } = await pair.send(action, {
      accountId,
      requests,
      sharesKey,
      hasGeneratedKeys: pskSource === 'generated',
      name: name.trim(),
      version,
    });
    validation.setServerIssues(failures.flatMap(({ fieldErrors }) => fieldErrors));
    if (batchId === undefined) return;
    emptyForm();
    navigate(batchPagePath(accountId, batchId));
  };

  const submit = (action: Action) => {
    if (runningNow !== undefined) return undefined;
    const onValid = async (request: CreateIpsecTunnelRequest) => {
      setFailedAttempts(0);
      validation.setServerIssues([]);
      if (isPair) return submitPair(action, rules.parseAll(validation.request) ?? []);
      setSent({ name: request.name, interfaceAddress: request.interface_address });
      const submission = await send(action, target, request, validation.version);
      if (submission?.outcome.kind === 'failed') validation.setServerIssues(submission.outcome.fieldErrors);
      if (submission?.outcome.kind !== 'done') return;
      void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
      showCreated(submission.outcome.result);
    };
    const onInvalid = () => {
      clear();
      pair.clear();
      setFailedAttempts((attempts) => attempts + 1);
    };
    return form.handleSubmit(onValid, onInvalid)();
  };

  const whyNot = whyNotCreate(session, accountId);
  const whyWait = runningNow && 'Something is being sent already.';
  const create = isPair ? 'Create 2 tunnels' : 'Create tunnel';
  useQuickActions([
    { label: 'Validate only', shortcut: 'Mod+Enter', run: () => submit('validate'), disabledReason: whyWait },
    { label: create, run: () => submit('send'), disabledReason: whyNot ?? whyWait },
  ]);

  const linkTo = (field: string) => <FieldLink controlId={fieldId(field)}>{liveForm.labelOf(field)}</FieldLink>;
  const signIn = () => leaveFor(signInPath(newTunnelPath(accountId)));

  return (
    <TunnelForm
      session={session}
      accountId={accountId}
      liveForm={liveForm}
      known={known}
      above={
        <>
          <div>
            <h1 ref={title} tabIndex={-1} id="page-title" className="font-semibold text-2xl">
              Create an IPsec tunnel
            </h1>
            <p className="text-kumo-subtle">
              Everything is checked while you type. Nothing is created before you say so.
            </p>
            {recreated !== undefined && (
              <p className="mt-2 rounded-lg bg-kumo-info-tint px-4 py-2 text-sm [overflow-wrap:anywhere]">
                Filled with what {recreated} was, without its pre-shared key.
              </p>
            )}
          </div>
          {draftInLink && (
            <Suspense>
              <SharedDraftNote
                key={draftInLink.count}
                fragment={draftInLink.fragment}
                onClose={() => title.current?.focus()}
              />
            </Suspense>
          )}
          {failedAttempts > 0 && (
            <IssueSummary
              key={failedAttempts}
              others={accountId === '' ? [{ ...ACCOUNT_FIELD, message: ACCOUNT_MISSING }] : []}
            />
          )}
          {isPair &&
            pair.failures.map(({ failure, action, at }) => (
              <KnownFailure
                key={failure.title + at.getTime()}
                failure={failure}
                change="create"
                action={action}
                at={at}
                fieldErrors={serverIssues.filter((issue) => failure.fieldErrors.includes(issue))}
                linkTo={linkTo}
                onRetry={() => submit(action)}
                onSignIn={signIn}
              />
            ))}
          {last?.outcome.kind === 'failed' && (
            <FailureSummary
              key={last.at.getTime()}
              failure={last.outcome}
              change="create"
              action={last.action}
              at={last.at}
              noun="tunnel"
              name={sent.name}
              fieldErrors={serverIssues}
              linkTo={linkTo}
              onRetry={() => submit(last.action)}
              onSignIn={signIn}
              find={() => findCreate({ accountId, idempotencyKey: last.key, ...sent })}
              nameOf={({ name }) => name}
              goOn="Show the tunnel"
              onFound={showCreated}
              onKnown={settle}
            />
          )}
        </>
      }
      device={<DeviceField rules={session.rules} />}
      account={
        <AccountField
          accounts={session.accounts}
          accountId={accountId}
          onChange={(id) => navigate(newTunnelPath(id), { replace: true })}
          isMissed={failedAttempts > 0 && accountId === ''}
          readOnly={isReadOnly}
        />
      }
      pair={
        <PairCard
          rules={session.rules}
          known={known}
          cloudflareEndpoints={known.advice?.cloudflareEndpoints ?? session.cloudflareEndpoints}
        />
      }
      withoutKey="Add later"
      isKeyLost={isKeyLost}
      aside={
        <>
          <RequestPanel
            call={`${isPair ? '2 × ' : ''}POST ${ipsecTunnelsPath(accountId || '{account ID}')}`}
            opens
            requestsOf={rules.requestsOf}
          />
          <HandOver accountId={accountId} requestsOf={rules.requestsOf} />
          <ActionBar
            change="create"
            words={{ send: create, sending: isPair ? 'Starting…' : 'Creating…' }}
            running={runningNow}
            last={isPair ? pair.validated : last}
            whyNot={whyNot}
            onSend={() => submit('send')}
          />
        </>
      }
      onValidate={() => submit('validate')}
    />
  );
}

/** What another page hands over, else the stored draft, else an empty form. */
function useInitialValues(): { readonly initial: TunnelFormValues; readonly isKeyLost: boolean } {
  const [opened] = useState(() => {
    const next = nextValues();
    if (next !== undefined) return { initial: next, isKeyLost: false };
    const { values: initial, isKeyLost } = reopened(tunnelDraft.load() ?? EMPTY_FORM);
    return { initial, isKeyLost };
  });
  useEffect(forgetNext, []);
  return opened;
}

function saveDraft(values: Readonly<Record<string, unknown>>): void {
  tunnelDraft.save(readValues(values));
}

/** Why the create button is off, where the person may only validate. */
function whyNotCreate({ accounts }: Session, accountId: string): string | undefined {
  const account = accounts.find(({ id }) => id === accountId);
  if (account === undefined || account.mayChange) return undefined;
  return `You may validate in ${account.label}, not create: that takes the operator role. Send an operator a link to this draft.`;
}
