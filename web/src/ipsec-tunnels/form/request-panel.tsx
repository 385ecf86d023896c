// The exact requests that will be sent, live, with the pre-shared keys masked.

import { useState } from 'react';
import { useLiveFormContext } from '../../forms/use-live-form.ts';
import { useSettled } from '../../forms/use-settled.ts';

const MASK = '••••••••';
/** Between the texts of two requests, none of which has an empty line. */
const BETWEEN = '\n\n';

export interface RequestPanelProps {
  /** The call in a line: method and path. */
  readonly call: string;
  /** Whether it opens by itself where there is room beside the form. */
  readonly opens: boolean;
  /** What is sent of the form's request: two requests of a pair. Itself when absent. */
  readonly requestsOf?: (request: AnyRequest) => readonly AnyRequest[];
}

type AnyRequest = Readonly<Record<string, unknown>>;

export function RequestPanel({ call, opens, requestsOf = (request) => [request] }: RequestPanelProps) {
  const { validation } = useLiveFormContext();
  const text = useSettled(validation, () => requestsOf(validation.request).map(maskedJson).join(BETWEEN));
  const [shown, setShown] = useState({ text, changed: new Set<string>() });
  const [isOpen] = useState(() => opens && window.matchMedia('(min-width: 1024px)').matches);
  if (text !== shown.text) setShown({ text, changed: newLines(shown.text, text) });
  return (
    <details open={isOpen} className="rounded-lg bg-kumo-base ring ring-kumo-line">
      <summary className="cursor-pointer px-4 py-3 font-semibold">What will be sent</summary>
      <p className="border-kumo-line border-t px-4 pt-3 font-mono text-kumo-subtle text-xs [overflow-wrap:anywhere]">
        {call}
      </p>
      {shown.text.split(BETWEEN).map((request, place) => (
        <pre
          // biome-ignore lint/suspicious/noArrayIndexKey: the first stays the first
          key={place}
          className="max-h-[50dvh] overflow-y-auto whitespace-pre-wrap border-kumo-line px-4 py-3 font-mono text-xs leading-relaxed [overflow-wrap:anywhere] not-first-of-type:border-t"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
        >
          {request.split('\n').map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of text has no other identity
            <span key={index} className={shown.changed.has(line) ? 'block bg-kumo-info-tint' : 'block'}>
              {line}
            </span>
          ))}
        </pre>
      ))}
    </details>
  );
}

/** A key that is still to be entered is not shown as an empty one. */
function maskedJson({ psk, ...request }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(psk ? { ...request, psk: MASK } : request, null, 2);
}

/** The lines of the one text that the other did not have. */
function newLines(before: string, after: string): Set<string> {
  const known = new Set(before.split('\n'));
  return new Set(after.split('\n').filter((line) => !known.has(line)));
}
