// The form and its judgement, kept in step: with every keystroke, with the account's tunnels, and with the stored draft.

import { useQuery } from '@tanstack/react-query';
import type { Session } from '@tunnel-desk/shared/api/session';
import type { CreateIpsecTunnelRequest } from '@tunnel-desk/shared/ipsec-tunnels/request';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useEffect, useMemo, useState } from 'react';
import { type Resolver, set, useForm, useWatch } from 'react-hook-form';
import { ipsecTunnelsQuery } from '../api/list-ipsec-tunnels.ts';
import { loadDraft, saveDraft } from './draft.ts';
import type { TunnelForm } from './form-context.tsx';
import { JudgementStore } from './judgement.ts';
import { EMPTY_FORM, fieldOfPath, type TunnelFormValues } from './tunnel-form.ts';

const SAVE_DRAFT_AFTER_MS = 300;
const NONE_KNOWN: readonly IpsecTunnel[] = [];

export function useLiveForm(session: Session): TunnelForm {
  const [initial] = useState(() => initialValues(session));
  const [store] = useState(() => new JudgementStore(initial, { ...knownFrom(session), otherTunnels: NONE_KNOWN }));
  const form = useForm<TunnelFormValues, unknown, CreateIpsecTunnelRequest>({
    defaultValues: initial,
    resolver: resolverOf(store),
    // The store judges at every change; the form resolves only when it is submitted.
    mode: 'onSubmit',
    reValidateMode: 'onSubmit',
    shouldFocusError: false,
  });
  const accountId = useWatch({ control: form.control, name: 'account_id' });
  const { data: otherTunnels = NONE_KNOWN } = useQuery(ipsecTunnelsQuery(accountId));

  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: ({ values }) => store.setValues(values) }),
    [form, store],
  );
  useEffect(() => {
    // The key was not kept with the draft: say so at once, not only when the form is sent.
    if (initial.pskSource !== 'later') form.setValue('psk', '', { shouldTouch: true });
  }, [form, initial]);
  useEffect(() => store.setContext({ ...knownFrom(session), otherTunnels }), [store, session, otherTunnels]);
  useDraft({ form, store });
  return useMemo(() => ({ form, store }), [form, store]);
}

function knownFrom({ rules, cloudflareEndpoints }: Session) {
  return { rules, cloudflareEndpoints };
}

/** The stored draft, or an empty form; the account is chosen already where there is no choice. */
function initialValues({ accounts }: Session): TunnelFormValues {
  const draft = loadDraft() ?? EMPTY_FORM;
  const isServed = accounts.some(({ id }) => id === draft.account_id);
  const onlyAccount = accounts.length === 1 ? accounts[0]?.id : undefined;
  return {
    ...draft,
    account_id: isServed ? draft.account_id : (onlyAccount ?? ''),
    // A key made here is gone with the page that made it; whoever copied it can paste it back.
    pskSource: draft.pskSource === 'generated' ? 'own' : draft.pskSource,
  };
}

function resolverOf(store: JudgementStore): Resolver<TunnelFormValues, unknown, CreateIpsecTunnelRequest> {
  return () => {
    const { request, problems } = store.judgement;
    if (request !== undefined) return { values: request, errors: {} };
    const errors = {};
    for (const { path, message } of problems) set(errors, fieldOfPath(path) ?? 'root', { type: 'schema', message });
    return { values: {}, errors };
  };
}

/** Stores the draft a moment after the last change, and at once when the page goes. */
function useDraft({ form, store }: TunnelForm): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => {
      clearTimeout(timer);
      timer = undefined;
      saveDraft(form.getValues());
    };
    const saveIfPending = () => {
      if (timer !== undefined) save();
    };
    const unsubscribe = store.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_DRAFT_AFTER_MS);
    });
    window.addEventListener('pagehide', saveIfPending);
    return () => {
      unsubscribe();
      window.removeEventListener('pagehide', saveIfPending);
      saveIfPending();
    };
  }, [form, store]);
}
