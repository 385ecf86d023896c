import { Button } from '@cloudflare/kumo/components/button';
import { Radio } from '@cloudflare/kumo/components/radio';
import { useRef, useState } from 'react';
import { useController } from 'react-hook-form';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notes } from '../../ui/field-frame.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useField, useTunnelForm } from './form-context.tsx';
import { generatePreSharedKey } from './pre-shared-key.ts';
import type { TunnelFormValues } from './tunnel-form.ts';

const EXPLANATIONS: Record<TunnelFormValues['pskSource'], string> = {
  later: '',
  own: 'Both sides must have the same key. Cloudflare never shows it again.',
  generated: 'Made in this browser. Copy it to your router now: nobody can show it again.',
};

/** Add later, use my own, or generate one here; the key is masked until one asks to see it. */
export function PreSharedKeyField() {
  const { form } = useTunnelForm();
  const source = useController({ name: 'pskSource', control: form.control });
  const field = useField('psk');
  const [isRevealed, setIsRevealed] = useState(false);

  // Each source keeps its key while the page lives: someone may have copied it to the router already.
  const keys = useRef<Partial<Record<TunnelFormValues['pskSource'], string>>>({});
  const chooseSource = (next: TunnelFormValues['pskSource']) => {
    keys.current[source.field.value] = field.value;
    source.field.onChange(next);
    field.onChange(keys.current[next] ?? (next === 'generated' ? generatePreSharedKey() : ''));
    setIsRevealed(false);
  };

  return (
    <div className="flex flex-col gap-3">
      <Radio.Group
        legend="Where the pre-shared key comes from"
        orientation="horizontal"
        className="gap-2 [&>div]:flex-wrap [&>div]:gap-x-5"
        value={source.field.value}
        onValueChange={chooseSource}
      >
        <Radio.Item value="later" label="Add later" />
        <Radio.Item value="own" label="Use my own" />
        <Radio.Item value="generated" label="Generate one here" />
      </Radio.Group>
      {source.field.value === 'later' ? (
        <Notes {...field} />
      ) : (
        <TextField
          {...field}
          explanation={EXPLANATIONS[source.field.value]}
          masked={!isRevealed}
          actions={
            <>
              <Button aria-pressed={isRevealed} onClick={() => setIsRevealed(!isRevealed)}>
                {isRevealed ? 'Hide' : 'Reveal'}
              </Button>
              <CopyButton label="Copy key" text={field.value} />
              {source.field.value === 'generated' && (
                <Button onClick={() => field.onChange(generatePreSharedKey())}>Generate another</Button>
              )}
            </>
          }
          mono
        />
      )}
    </div>
  );
}
