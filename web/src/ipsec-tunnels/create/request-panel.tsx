// The exact JSON that will be sent, live, with the pre-shared key masked.

import { useState, useSyncExternalStore } from 'react';
import { useTunnelForm } from './form-context.tsx';

const MASK = '••••••••';

export function RequestPanel() {
  const { store } = useTunnelForm();
  const text = useSyncExternalStore(store.subscribe, () => maskedJson(store.judgement.draft));
  const [shown, setShown] = useState({ text, changed: new Set<string>() });
  const [isWide] = useState(() => window.matchMedia('(min-width: 1024px)').matches);
  if (text !== shown.text) setShown({ text, changed: newLines(shown.text, text) });
  return (
    <details open={isWide} className="rounded-lg bg-kumo-base ring ring-kumo-line">
      <summary className="cursor-pointer px-4 py-3 font-semibold">What will be sent</summary>
      <pre
        className="max-h-[50dvh] overflow-y-auto whitespace-pre-wrap [overflow-wrap:anywhere] border-kumo-line border-t px-4 py-3 font-mono text-xs leading-relaxed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {shown.text.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of text has no other identity
          <span key={index} className={shown.changed.has(line) ? 'block bg-kumo-info-tint' : 'block'}>
            {line}
          </span>
        ))}
      </pre>
    </details>
  );
}

function maskedJson(draft: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(draft['psk'] ? { ...draft, psk: MASK } : draft, null, 2);
}

/** The lines of the one text that the other did not have. */
function newLines(before: string, after: string): Set<string> {
  const known = new Set(before.split('\n'));
  return new Set(after.split('\n').filter((line) => !known.has(line)));
}
