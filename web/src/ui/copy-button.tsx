import { Button } from '@cloudflare/kumo/components/button';
import { CheckIcon, CopyIcon } from '@phosphor-icons/react';
import { useState } from 'react';

export interface CopyButtonProps {
  /** What the button says and copies: "Copy tunnel ID". */
  readonly label: string;
  readonly text: string;
  /** Shows the icon alone; the label stays its accessible name. */
  readonly iconOnly?: boolean;
}

/** Copies a text and says whether that worked: browsers refuse it on pages without TLS. */
export function CopyButton({ label, text, iconOnly }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };
  const shared = { icon: result === 'copied' ? CheckIcon : CopyIcon, onClick: copy } as const;
  return (
    <>
      {iconOnly ? (
        <Button {...shared} size="sm" shape="square" aria-label={label} />
      ) : (
        <Button {...shared}>{label}</Button>
      )}
      <span role="status" className={result === 'failed' ? 'text-kumo-danger text-sm' : 'sr-only'}>
        {result === 'copied' && 'Copied'}
        {result === 'failed' && 'The browser refused to copy'}
      </span>
    </>
  );
}
