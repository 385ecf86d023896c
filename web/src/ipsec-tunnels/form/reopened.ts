import type { TunnelFormValues } from './fields.ts';

/**
 * A draft as its form opens on it again. A key that was generated here is gone with the page that generated it; whoever
 * copied it can paste it back.
 */
export function reopened(draft: TunnelFormValues): { readonly values: TunnelFormValues; readonly isKeyLost: boolean } {
  const pskSource = draft.pskSource === 'generated' ? 'own' : draft.pskSource;
  return { values: { ...draft, pskSource }, isKeyLost: pskSource === 'own' };
}
