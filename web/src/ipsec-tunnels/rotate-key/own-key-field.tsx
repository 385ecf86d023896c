import { Button } from '@cloudflare/kumo/components/button';
import { adviseOnField } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { useState } from 'react';
import { TextField } from '../../ui/text-field.tsx';

export interface OwnKeyFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether it is time to say what is wrong with it. */
  readonly isMissed: boolean;
  readonly readOnly: boolean;
}

/** A key that the person has; masked until they ask to see it. */
export function OwnKeyField({ value, onChange, isMissed, readOnly }: OwnKeyFieldProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  return (
    <TextField
      id="own-key"
      label="New pre-shared key"
      explanation="Cloudflare never shows it again."
      value={value}
      onChange={onChange}
      onBlur={() => undefined}
      readOnly={readOnly}
      errors={isMissed && value === '' ? [{ message: 'enter the key, or have one generated' }] : []}
      advisories={value === '' ? [] : adviceOn(value)}
      masked={!isRevealed}
      actions={
        <Button aria-pressed={isRevealed} onClick={() => setIsRevealed(!isRevealed)}>
          {isRevealed ? 'Hide' : 'Reveal'}
        </Button>
      }
      mono
    />
  );
}

/** The same advice as on the form; it looks at no other tunnel. */
function adviceOn(psk: string) {
  const context = { otherTunnels: indexTunnels([]), interfaceAddressRules: 'reference' as const };
  return adviseOnField('psk', { psk }, context);
}
