// A secret that is shown once: masked until asked for, and to be copied by button or by hand.
//
// Kumo's SensitiveInput would add 4.2 kB. It shows its buttons only under a pointer, never says that the clipboard
// refused, and holds the secret in a password field, which has the browser offer to store it.

import { Button } from '@cloudflare/kumo/components/button';
import { useState } from 'react';
import { CONTROL } from './control.ts';
import { CopyButton } from './copy-button.tsx';

export interface SecretValueProps {
  /** What it is, in the middle of a sentence: "pre-shared key". */
  readonly label: string;
  readonly secret: string;
  /** Called each time the person has copied or revealed it, and may therefore leave the page. */
  readonly onTaken?: () => void;
}

/** The secret stands in the document only while it is revealed. */
export function SecretValue({ label, secret, onTaken }: SecretValueProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  const toggle = () => {
    if (!isRevealed) onTaken?.();
    setIsRevealed(!isRevealed);
  };
  return (
    <div className="flex flex-col gap-2">
      {isRevealed ? (
        <textarea
          aria-label={capitalize(label)}
          value={secret}
          readOnly
          rows={Math.max(1, Math.ceil(secret.length / CHARACTERS_PER_ROW))}
          onFocus={(event) => event.target.select()}
          className={`${CONTROL} h-auto! w-full resize-none break-all py-2 font-mono`}
          autoComplete="off"
          spellCheck={false}
        />
      ) : (
        <p className="rounded-lg bg-kumo-tint px-3 py-2 font-mono">
          <span aria-hidden>{MASK}</span>
          <span className="sr-only">{capitalize(label)}: hidden</span>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button aria-pressed={isRevealed} onClick={toggle}>
          {isRevealed ? 'Hide' : 'Reveal'} {label}
        </Button>
        <CopyButton
          label={`Copy ${label}`}
          text={secret}
          onCopied={onTaken}
          whenRefused={isRevealed ? 'Select it above and copy it by hand.' : 'Reveal it and copy it by hand.'}
        />
      </div>
    </div>
  );
}

const MASK = '••••••••••••';
/** As many as a phone shows in one row. */
const CHARACTERS_PER_ROW = 30;

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
