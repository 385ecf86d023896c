// The pre-shared keys that go into the files, only where the person asks for that: the key this tab holds, else one they type.

import { Button } from '@cloudflare/kumo/components/button';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { withVisibleCharacters } from '../../lib/visible-characters.ts';
import { SwitchField } from '../../ui/switch-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { VisibleText } from '../../ui/visible-text.tsx';
import { heldKey } from '../detail/created-tunnel.ts';

export interface KeyFieldsProps {
  readonly tunnels: readonly IpsecTunnel[];
  readonly isOn: boolean;
  readonly onToggle: (isOn: boolean) => void;
  /** What becomes of the key while it is in no file. */
  readonly withoutKey: string;
  /** By the tunnel's ID. */
  readonly typed: Readonly<Record<string, string>>;
  readonly onType: (tunnelId: string, key: string) => void;
}

export function KeyFields({ tunnels, isOn, onToggle, withoutKey, typed, onType }: KeyFieldsProps) {
  return (
    <div className="flex flex-col gap-4">
      <SwitchField
        id="router-with-key"
        label="Write the pre-shared key into the files"
        explanation={isOn ? 'It stays in this browser. Whoever gets the files has the key.' : withoutKey}
        checked={isOn}
        onChange={onToggle}
        onBlur={() => undefined}
        errors={[]}
        advisories={[]}
      />
      {isOn &&
        tunnels.map((tunnel) =>
          heldKey(tunnel.id) === undefined ? (
            <KeyField
              key={tunnel.id}
              tunnel={tunnel}
              isOnly={tunnels.length === 1}
              value={typed[tunnel.id] ?? ''}
              onChange={(key) => onType(tunnel.id, key)}
            />
          ) : (
            <p key={tunnel.id} className="text-kumo-subtle text-sm">
              The key of <VisibleText text={tunnel.name} /> is the one that was set in this tab.
            </p>
          ),
        )}
    </div>
  );
}

interface KeyFieldProps {
  readonly tunnel: IpsecTunnel;
  readonly isOnly: boolean;
  readonly value: string;
  readonly onChange: (key: string) => void;
}

/** Masked until the person asks to see it. */
function KeyField({ tunnel, isOnly, value, onChange }: KeyFieldProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  return (
    <TextField
      id={`router-key-${tunnel.id}`}
      label={isOnly ? 'Pre-shared key' : `Pre-shared key of ${withVisibleCharacters(tunnel.name)}`}
      explanation="Nobody can show it again: type or paste yours. It is not kept."
      value={value}
      onChange={onChange}
      onBlur={() => undefined}
      errors={[]}
      advisories={[]}
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
