import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type QuickAction, QuickActionRegistry, type Registration, type Scope, type ScopedAction } from './registry.ts';

/** Opens the list of all others. */
export const QUICK_ACTIONS_SHORTCUT = 'Mod+K';

const registry = new QuickActionRegistry();

/** Offers these actions as long as the component that calls this is there. */
export function useQuickActions(actions: readonly QuickAction[], scope: Scope = 'page'): void {
  const registration = useRef<Registration>(undefined);
  useEffect(() => {
    const added = registry.add(scope);
    registration.current = added;
    return () => added.remove();
  }, [scope]);
  // After every render: what an action does may hold on to the values of that render.
  useEffect(() => registration.current?.replace(actions));
}

/** All that is offered now. */
export function useOfferedActions(): readonly ScopedAction[] {
  return useSyncExternalStore(registry.subscribe, () => registry.actions);
}

/** What is offered now under this shortcut, where it can be done. */
export function actionUnder(shortcut: string): QuickAction | undefined {
  return registry.actions.find((action) => action.shortcut === shortcut && action.disabledReason === undefined);
}
