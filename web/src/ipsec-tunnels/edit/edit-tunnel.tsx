// The form on a tunnel that exists: what it changes, and what became of it.

import { Button } from '@cloudflare/kumo/components/button';
import { useQueryClient } from '@tanstack/react-query';
import { ERRORS } from '@tunnel-desk/shared/api/errors';
import { ipsecTunnelPath, signInPath } from '@tunnel-desk/shared/api/paths';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { LinkAddresses } from '@tunnel-desk/shared/ipsec-tunnels/static-routes';
import { hasPreSharedKey, type IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { editTunnelPath, newTunnelPath, tunnelPath } from '../../app/paths.ts';
import { useSavedDraft } from '../../forms/draft.ts';
import { FieldLink } from '../../forms/field-link.tsx';
import { IssueSummary } from '../../forms/issue-summary.tsx';
import { leaveFor, useLeaveGuard } from '../../forms/leave-guard.ts';
import { fieldId } from '../../forms/use-field.ts';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { useSettled } from '../../forms/use-settled.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useQuickActions } from '../../quick-actions/use-quick-actions.ts';
import { FailureSummary } from '../../submission/failure-summary.tsx';
import type { Action } from '../../submission/outcome.ts';
import type { Found } from '../../submission/outcome-check.ts';
import { useServerIssues } from '../../submission/use-server-issues.ts';
import { type SubmissionTarget, useSubmission } from '../../submission/use-submission.ts';
import { VisibleText } from '../../ui/visible-text.tsx';
import { updateIpsecTunnel, validateUpdate } from '../api/change-ipsec-tunnel.ts';
import { driftQuery, forgetDrift } from '../api/drift.ts';
import { findUpdate } from '../api/find-change.ts';
import { getIpsecTunnel, ipsecTunnelQuery, NO_SUCH_TUNNEL, type TunnelVersion } from '../api/get-ipsec-tunnel.ts';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { IS_NEXT, openNextWith } from '../create/next-form.ts';
import { holdKey } from '../detail/created-tunnel.ts';
import type { SavedState } from '../detail/saved-state.ts';
import { ActionBar } from '../form/action-bar.tsx';
import type { TunnelFormValues } from '../form/fields.ts';
import { RequestPanel } from '../form/request-panel.tsx';
import { TunnelForm } from '../form/tunnel-form.tsx';
import {
  changeInWords,
  interruptionsOf,
  keptByCloudflare,
  mergeTunnelChanges,
  tunnelChanges,
  tunnelUpdateRequest,
  valuesOfTunnel,
} from '../form/tunnel-update.ts';
import { readValues, useTunnelForm } from '../form/use-tunnel-form.ts';
import { AccountInUse } from './account-in-use.tsx';
import { ChangeList } from './change-list.tsx';
import { clearEditDraft, saveEditDraft } from './edit-draft.ts';
import { DraftNote, FixNote, GoneMeanwhile, RestoreNote } from './form-notes.tsx';
import { InterruptionDialog } from './interruption-dialog.tsx';
import { MergeChoices } from './merge-choices.tsx';
import { isKeyChanged, openingOn } from './opening.ts';
import { restoredIn } from './restored.ts';
import { RoutesLeftBehind } from './routes-left-behind.tsx';
import { fieldToFill, fixIn } from './tunnel-fix.ts';
import { type Updated, updateReader } from './update-reader.ts';

export interface EditTunnelProps {
  readonly session: Session;
  readonly accountId: string;
  /** The tunnel as it was when the page was opened. */
  readonly opened: TunnelVersion;
}

/** What a person is asked about before a change is sent. */
interface Confirming {
  readonly interruptions: readonly string[];
  /** The interface addresses it would have, where they change. */
  readonly newLink?: LinkAddresses;
}

export function EditTunnel({ session, accountId, opened }: EditTunnelProps) {
  const tunnelId = opened.tunnel.id;
  const account = session.accounts.find(({ id }) => id === accountId);
  usePageTitle(`Edit ${opened.tunnel.name}`);
  const context = useMemo(() => ({ accountId }), [accountId]);
  const historyState = useHistoryState();
  const [fix] = useState(() => fixIn(historyState, tunnelId));
  const [restored] = useState(() => restoredIn(historyState, tunnelId));
  const [opening] = useState(() => openingOn(opened, context, { fix, restored }));
  const [base, setBase] = useState(opened);
  const [merge, setMerge] = useState(opening.merge);
  const [isGone, setIsGone] = useState(false);
  const before = useMemo(() => valuesOfTunnel(base.tunnel, context), [base, context]);
  const requestOf = useCallback(
    (values: TunnelFormValues) => tunnelUpdateRequest(base.tunnel, values, context),
    [base, context],
  );
  const { running, last, send, clear, settle } = useSubmission<CreateIpsecTunnelRequest, Updated>(`update ${tunnelId}`);
  const { liveForm, known } = useTunnelForm({
    session,
    accountId,
    edited: base.tunnel,
    initial: opening.values,
    requestOf,
    isReadOnly: running !== undefined,
  });
  const { form, validation } = liveForm;
  const [failedAttempts, setFailedAttempts] = useState(0);
  const [confirming, setConfirming] = useState<Confirming>();
  const [isNothingToSave, setIsNothingToSave] = useState(false);
  const isDone = useRef(false);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const serverIssues = useServerIssues(validation);
  const title = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    if (fix === undefined && restored === undefined) return;
    // Once: a reload must not undo what was changed here since. The draft has it from now on.
    saveEditDraft(tunnelId, { base: opened, values: opening.values });
    navigate(editTunnelPath(accountId, tunnelId), { replace: true });
    const field = fix && fieldToFill(fix);
    if (field !== undefined) document.getElementById(fieldId(field))?.focus();
  }, [fix, restored, accountId, tunnelId, opened, opening, navigate]);
  useEffect(() => {
    // What needs an answer at once has taken the focus by itself.
    if (document.activeElement === document.body) title.current?.focus();
  }, []);
  const changesOf = useCallback(
    (values: Readonly<Record<string, unknown>>) => tunnelChanges(before, readValues(values), context),
    [before, context],
  );
  useSavedDraft(
    form,
    validation,
    useCallback(
      (values) => {
        if (isDone.current || changesOf(values).length === 0) clearEditDraft(tunnelId);
        else saveEditDraft(tunnelId, { base, values: readValues(values) });
      },
      [base, changesOf, tunnelId],
    ),
  );
  useLeaveGuard(
    useMemo(
      () => ({
        wouldLose: () => !isDone.current && changesOf(form.getValues()).length > 0,
        question: 'Leave this form? Your changes are kept in this tab, but not the pre-shared key.',
      }),
      [form, changesOf],
    ),
  );

  const leaveTo = (path: string, state: unknown) => {
    isDone.current = true;
    clearEditDraft(tunnelId);
    navigate(path, { state });
  };

  const showSaved = (tunnel: IpsecTunnel, asked: TunnelFormValues) => {
    const after = valuesOfTunnel(tunnel, context);
    const state: SavedState = {
      saved: {
        tunnelId,
        at: new Date().toISOString(),
        changes: tunnelChanges(before, asked, context).map(changeInWords),
        kept: keptByCloudflare({ before, asked, after }, context),
      },
    };
    if (asked.pskSource !== 'later' && asked.psk !== '') holdKey(tunnelId, asked.psk, asked.pskSource);
    const query = ipsecTunnelQuery(accountId, tunnelId);
    const saved: TunnelVersion = { tunnel, etag: undefined };
    queries.setQueryData(query.queryKey, saved);
    void queries.invalidateQueries(query);
    void queries.invalidateQueries(ipsecTunnelsQuery(accountId));
    // What is saved here is what this desk knows.
    forgetDrift(queries, accountId, tunnelId);
    void queries.invalidateQueries(driftQuery(accountId));
    leaveTo(tunnelPath(accountId, tunnelId), state);
  };

  /** Puts the form on top of what the tunnel is now. */
  const rebase = async () => {
    const theirs = await getIpsecTunnel(accountId, tunnelId).catch(() => undefined);
    if (theirs === undefined) return;
    if (theirs === null) {
      setIsGone(true);
      return;
    }
    const yours = readValues(form.getValues());
    const { fields } = mergeTunnelChanges(
      { base: before, yours, theirs: valuesOfTunnel(theirs.tunnel, context) },
      context,
    );
    setBase(theirs);
    setMerge({ fields, isKeyChanged: isKeyChanged(base, theirs), wasSent: true });
    for (const { field, isConflict, theirs: value } of fields) if (!isConflict) form.setValue(field, value);
  };

  const target: SubmissionTarget<CreateIpsecTunnelRequest, Updated> = {
    send: (request, key) => updateIpsecTunnel({ accountId, tunnelId, etag: base.etag }, request, key),
    validate: (request) => validateUpdate({ accountId, tunnelId, etag: base.etag }, request),
    ...updateReader,
  };

  const submit = (action: Action, isConfirmed = false) => {
    if (running !== undefined) return undefined;
    const onValid = async (request: CreateIpsecTunnelRequest) => {
      setFailedAttempts(0);
      const asked = readValues(form.getValues());
      const changes = tunnelChanges(before, asked, context);
      setIsNothingToSave(action === 'send' && changes.length === 0);
      if (action === 'send' && changes.length === 0) return;
      const interruptions = interruptionsOf(changes);
      if (action === 'send' && interruptions.length > 0 && !isConfirmed) {
        setConfirming({ interruptions, ...(changesLink(changes) && { newLink: request }) });
        return;
      }
      validation.setServerIssues([]);
      const submission = await send(action, target, request, validation.version);
      const outcome = submission?.outcome;
      if (outcome?.kind === 'failed') {
        validation.setServerIssues(outcome.fieldErrors);
        if (outcome.code === ERRORS.changedSince.code || outcome.code === NO_SUCH_TUNNEL) await rebase();
      }
      if (outcome?.kind !== 'done') return;
      const tunnel = outcome.result.tunnel ?? (await getIpsecTunnel(accountId, tunnelId).catch(() => null))?.tunnel;
      // Without a look at the tunnel it is not known what Cloudflare kept, only that it took the update.
      showSaved(tunnel ?? base.tunnel, asked);
    };
    const onInvalid = () => {
      clear();
      setFailedAttempts((attempts) => attempts + 1);
    };
    return form.handleSubmit(onValid, onInvalid)();
  };

  const createAgain = () => {
    openNextWith(readValues(form.getValues()));
    leaveTo(newTunnelPath(accountId), IS_NEXT);
  };
  const startOver = () => {
    form.reset({ ...before });
    setMerge(undefined);
    clear();
  };

  const whyNot = account?.mayChange
    ? undefined
    : `You may validate in ${account?.label}, not save: that takes the operator role.`;
  const whyWait = running && 'Something is being sent already.';
  useQuickActions([
    { label: 'Validate only', shortcut: 'Mod+Enter', run: () => submit('validate'), disabledReason: whyWait },
    { label: 'Save', run: () => submit('send'), disabledReason: whyNot ?? whyWait },
    { label: 'Back to the tunnel', run: () => navigate(tunnelPath(accountId, tunnelId)) },
  ]);
  const isMerging = last?.outcome.kind === 'failed' && last.outcome.code === ERRORS.changedSince.code;
  return (
    <>
      <TunnelForm
        session={session}
        accountId={accountId}
        liveForm={liveForm}
        known={known}
        above={
          <>
            <div>
              <Link href={tunnelPath(accountId, tunnelId)} className="inline-block py-1 text-sm underline">
                Back to the tunnel
              </Link>
              <h1
                ref={title}
                tabIndex={-1}
                id="page-title"
                className="line-clamp-3 font-semibold text-2xl [overflow-wrap:anywhere]"
              >
                Edit <VisibleText text={base.tunnel.name} />
              </h1>
              <p className="text-kumo-subtle">
                Everything is checked while you type. Nothing is changed before you save.
              </p>
            </div>
            {opening.isDraft && <DraftNote onStartOver={startOver} />}
            {fix && <FixNote />}
            {restored && <RestoreNote />}
            {isGone && <GoneMeanwhile onCreateAgain={createAgain} />}
            {merge && !isGone && (
              <MergeChoices key={last?.at.getTime()} changedOn={base.tunnel.modified_on} {...merge} />
            )}
            {failedAttempts > 0 && <IssueSummary key={failedAttempts} others={[]} />}
            {last?.outcome.kind === 'failed' && !isGone && !(isMerging && merge) && (
              <FailureSummary
                key={last.at.getTime()}
                failure={last.outcome}
                change="update"
                action={last.action}
                at={last.at}
                noun="tunnel"
                name={base.tunnel.name}
                fieldErrors={serverIssues}
                linkTo={(field) => <FieldLink controlId={fieldId(field)}>{liveForm.labelOf(field)}</FieldLink>}
                onRetry={() => submit(last.action)}
                onSignIn={() => leaveFor(signInPath(editTunnelPath(accountId, tunnelId)))}
                find={() => findSent(last.key)}
                goOn="Show the tunnel"
                onFound={({ tunnel }) => showSaved(tunnel ?? base.tunnel, readValues(form.getValues()))}
                onKnown={settle}
              />
            )}
            {isMerging && !merge && !isGone && <Button onClick={() => void rebase()}>Read the tunnel again</Button>}
          </>
        }
        account={<AccountInUse account={account} />}
        withoutKey={hasPreSharedKey(base.tunnel) ? 'Keep the key' : 'Leave it without a key'}
        isKeyLost={opening.isKeyLost}
        aside={
          <>
            <WhatChanges changesOf={changesOf} />
            <RequestPanel call={`PUT ${ipsecTunnelPath(accountId, tunnelId)}`} opens={false} />
            {isNothingToSave && (
              <p role="status" className="text-sm">
                Nothing was sent: no value has changed.
              </p>
            )}
            <ActionBar
              change="update"
              words={{ send: 'Save', sending: 'Saving…' }}
              running={running}
              last={last}
              whyNot={whyNot}
              onSend={() => submit('send')}
            />
          </>
        }
        onValidate={() => submit('validate')}
      />
      {confirming && (
        <InterruptionDialog
          name={base.tunnel.name}
          interruptions={confirming.interruptions}
          onClose={() => setConfirming(undefined)}
          onSave={() => {
            setConfirming(undefined);
            submit('send', true);
          }}
        >
          {confirming.newLink && (
            <RoutesLeftBehind accountId={accountId} before={base.tunnel} after={confirming.newLink} />
          )}
        </InterruptionDialog>
      )}
    </>
  );

  async function findSent(key: string): Promise<Found<Updated>> {
    const asked = readValues(form.getValues());
    const isAsAsked = (tunnel: IpsecTunnel) =>
      keptByCloudflare({ before, asked, after: valuesOfTunnel(tunnel, context) }, context).length === 0;
    const found = await findUpdate({ accountId, tunnelId, idempotencyKey: key }, isAsAsked);
    return 'result' in found ? { ...found, result: { tunnel: found.result } } : found;
  }
}

function changesLink(changes: ReturnType<typeof tunnelChanges>): boolean {
  return changes.some(({ field }) => field === 'interface_address' || field === 'interface_address6');
}

interface WhatChangesProps {
  readonly changesOf: (values: Readonly<Record<string, unknown>>) => ReturnType<typeof tunnelChanges>;
}

function WhatChanges({ changesOf }: WhatChangesProps) {
  const { form, validation } = useLiveFormContext();
  const changes = useSettled(validation, () => changesOf(form.getValues()));
  return <ChangeList changes={changes.map(changeInWords)} interruptions={interruptionsOf(changes)} />;
}
