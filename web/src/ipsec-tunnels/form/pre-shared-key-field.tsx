import { Button } from '@cloudflare/kumo/components/button';
import { Radio } from '@cloudflare/kumo/components/radio';
import type { KeySource } from '@tunnel-desk/shared/ipsec-tunnels/key-sources';
import { useRef, useState } from 'react';
import type { BoundField } from '../../forms/use-field.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notes } from '../../ui/field-frame.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { generatePreSharedKey } from './generate-pre-shared-key.ts';
import type { SecurityCardProps } from './security-card.tsx';
import { useField } from './use-tunnel-field.ts';

export const KEY_EXPLANATIONS: Record<KeySource, string> = {
  later: '',
  own: 'Both sides must have the same key. Cloudflare never shows it again.',
  generated: 'Made in this browser. Cloudflare never shows it: copy it to your router before you leave.',
};

const LOST_KEY = 'The key you typed is not kept over a reload: enter it again.';

/** None now, my own, or one generated here; the key is masked until one asks to see it. */
export function PreSharedKeyField({ withoutKey, isKeyLost }: Pick<SecurityCardProps, 'withoutKey' | 'isKeyLost'>) {
  const source = useField('pskSource');
  const field = useField('psk');
  // Each source keeps its key while the page lives: someone may have copied it to the router already.
  const keys = useRef<Partial<Record<KeySource, string>>>({});
  const chooseSource = (next: KeySource) => {
    if (source.readOnly) return;
    keys.current[source.value] = field.value;
    source.onChange(next);
    field.onChange(keys.current[next] ?? (next === 'generated' ? generatePreSharedKey() : ''));
  };

  return (
    <div className="flex flex-col gap-3">
      <Radio.Group
        legend="Where the pre-shared key comes from"
        orientation="horizontal"
        className="gap-2 [&>div]:flex-wrap [&>div]:gap-x-5"
        value={source.value}
        onValueChange={chooseSource}
      >
        <Radio.Item value="later" label={withoutKey} />
        <Radio.Item value="own" label="Use my own" />
        <Radio.Item value="generated" label="Generate one here" />
      </Radio.Group>
      {source.value === 'later' ? (
        <Notes {...field} />
      ) : (
        <KeyInput
          key={source.value}
          field={field}
          source={source.value}
          explanation={isKeyLost && field.value === '' ? LOST_KEY : KEY_EXPLANATIONS[source.value]}
        />
      )}
    </div>
  );
}

export interface KeyInputProps {
  readonly field: BoundField<string>;
  readonly source: KeySource;
  readonly explanation: string;
  /** Of the other tunnel of a pair. */
  readonly isSecond?: boolean;
}

/** The key itself, masked until one asks to see it. */
export function KeyInput({ field, source, explanation, isSecond }: KeyInputProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  const key = isSecond ? ' second key' : '';
  return (
    <TextField
      {...field}
      explanation={explanation}
      masked={!isRevealed}
      actions={
        <>
          <Button aria-pressed={isRevealed} onClick={() => setIsRevealed(!isRevealed)}>
            {isRevealed ? 'Hide' : 'Reveal'}
            {key}
          </Button>
          <CopyButton label={`Copy${key || ' key'}`} text={field.value} />
          {source === 'generated' && (
            <Button onClick={() => field.onChange(generatePreSharedKey())}>Generate another{key}</Button>
          )}
        </>
      }
      mono
    />
  );
}
