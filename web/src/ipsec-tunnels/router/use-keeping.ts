// Has the desk keep what was entered about a router, a moment after the last valid change.

import { useQueryClient } from '@tanstack/react-query';
import type { RouterSettings } from '@tunnel-desk/shared/routers/settings';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { keepRouterSettings } from '../api/keep-router-settings.ts';
import { routerSettingsQuery } from '../api/list-router-settings.ts';

const KEEP_AFTER_MS = 600;

export interface KeepingOptions {
  readonly accountId: string;
  readonly tunnelId: string;
  /** What the form opened with: that alone is not kept. */
  readonly initial: RouterSettings;
  /** What to keep; `undefined` while it is not valid, or where the person may not change anything. */
  readonly settings: RouterSettings | undefined;
}

export interface Keeping {
  readonly state: 'unchanged' | 'keeping' | 'kept' | 'failed';
  /** Tries again after a failure. */
  retry(): void;
}

export function useKeeping({ accountId, tunnelId, initial, settings }: KeepingOptions): Keeping {
  const [state, setState] = useState<Keeping['state']>('unchanged');
  const queries = useQueryClient();
  /** As text, what is kept or on its way. */
  const last = useRef(JSON.stringify(initial));
  const sending = useRef(Promise.resolve());
  const wanted = settings && JSON.stringify(settings);

  const keep = useEffectEvent((text: string | undefined) => {
    if (settings === undefined || text === undefined || text === last.current) return;
    last.current = text;
    setState('keeping');
    // One after the other: the last one entered is the one that stays.
    sending.current = sending.current.then(async () => {
      const isKept = await keepRouterSettings(accountId, { tunnelId, settings });
      if (isKept) {
        queries.setQueryData(routerSettingsQuery(accountId).queryKey, (all) =>
          all ? [...all.filter((each) => each.tunnelId !== tunnelId), { tunnelId, settings }] : all,
        );
      }
      if (last.current === text) setState(isKept ? 'kept' : 'failed');
    });
  });

  const keepNow = useRef<(() => void) | undefined>(undefined);
  useEffect(() => {
    if (wanted !== last.current) setState((before) => (before === 'kept' ? 'unchanged' : before));
    keepNow.current = () => {
      keepNow.current = undefined;
      keep(wanted);
    };
    const timer = setTimeout(() => keepNow.current?.(), KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => {
    // What was entered right before the page goes is not lost with it.
    const keepPending = () => keepNow.current?.();
    window.addEventListener('pagehide', keepPending);
    return () => {
      window.removeEventListener('pagehide', keepPending);
      keepPending();
    };
  }, []);

  const retry = () => {
    last.current = '';
    keep(wanted);
  };
  return { state, retry };
}
