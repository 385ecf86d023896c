import { Button } from '@cloudflare/kumo/components/button';
import { CheckIcon, CopyIcon } from '@phosphor-icons/react';
import { useState } from 'react';
import { copyText } from './use-copy.ts';

export interface CopyButtonProps {
  /** What the button says and copies: "Copy tunnel ID". */
  readonly label: string;
  readonly text: string;
  /** Shows the icon alone; the label stays its accessible name. */
  readonly iconOnly?: boolean;
  readonly onCopied?: (() => void) | undefined;
  /** A sentence on what to do where the browser refuses to copy. */
  readonly whenRefused?: string;
}

/** Copies a text and says whether that worked: browsers refuse it on pages without TLS. */
export function CopyButton({ label, text, iconOnly, onCopied, whenRefused }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<Awaited<ReturnType<typeof copyText>>>();
  const copy = async () => {
    const ended = await copyText(text);
    setOutcome(ended);
    if (ended === 'copied') onCopied?.();
  };
  const shared = { icon: outcome === 'copied' ? CheckIcon : CopyIcon, onClick: copy } as const;
  return (
    <>
      {iconOnly ? (
        <Button {...shared} variant="ghost" size="sm" shape="square" aria-label={label} />
      ) : (
        <Button {...shared}>{label}</Button>
      )}
      <span role="status" className={outcome === 'refused' ? 'text-kumo-danger text-sm' : 'sr-only'}>
        {outcome === 'copied' && 'Copied'}
        {outcome === 'refused' && ['The browser refused to copy.', whenRefused].filter(Boolean).join(' ')}
      </span>
    </>
  );
}
