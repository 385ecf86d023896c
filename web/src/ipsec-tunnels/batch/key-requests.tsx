// Asks once more for the keys that this browser does not hold: after a reload, or in another browser than the first.

import { Button } from '@cloudflare/kumo/components/button';
import { adviseOnField } from '@tunnel-desk/shared/ipsec-tunnels/advisories';
import { indexTunnels } from '@tunnel-desk/shared/ipsec-tunnels/conflicts';
import { type FormEvent, useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { generatePreSharedKey } from '../form/generate-pre-shared-key.ts';
import { holdRowKey, keyHolderOf } from './batch-keys.ts';
import type { ShownRow } from './shown-rows.ts';

/** A key that is asked for, and the rows that are to have it. */
export interface MissingKey {
  /** The number of the row under which it is held. */
  readonly holder: number;
  readonly rows: readonly ShownRow[];
  /** The name of a tunnel that has it already: only that very key will do. */
  readonly madeAs: string | undefined;
}

/** The keys of the rows of which `lacksKey` says that they are still to be sent and their keys are not here. */
export function missingKeys(rows: readonly ShownRow[], lacksKey: (row: ShownRow) => boolean): readonly MissingKey[] {
  const keys = new Map<number, MissingKey>();
  for (const row of rows) {
    if (!lacksKey(row)) continue;
    const holder = keyHolderOf(row.row);
    const known = keys.get(holder);
    keys.set(holder, { holder, rows: [...(known?.rows ?? []), row], madeAs: undefined });
  }
  for (const { row, state, name } of rows) {
    const key = keys.get(keyHolderOf(row));
    if (key !== undefined && state !== 'not-tried' && state !== 'not-created') {
      keys.set(key.holder, { ...key, madeAs: name });
    }
  }
  return [...keys.values()];
}

export interface KeyRequestsProps {
  readonly batchId: string;
  readonly keys: readonly MissingKey[];
  /** Called when some of them are held. */
  readonly onHeld: () => void;
}

/** So many fields at once. */
const PAGE = 20;

export function KeyRequests({ batchId, keys, onHeld }: KeyRequestsProps) {
  const [typed, setTyped] = useState<ReadonlyMap<number, string>>(new Map());
  const [shown, setShown] = useState(PAGE);
  const free = keys.filter(({ madeAs }) => madeAs === undefined);
  const generate = () => {
    for (const { holder } of free) {
      holdRowKey(batchId, holder, { psk: generatePreSharedKey(), source: 'generated' });
    }
    onHeld();
  };
  const use = (event: FormEvent) => {
    event.preventDefault();
    for (const [holder, psk] of typed) if (psk !== '') holdRowKey(batchId, holder, { psk, source: 'own' });
    setTyped(new Map());
    onHeld();
  };
  return (
    <Card title={keys.length === 1 ? 'A key is needed again' : `${keys.length} keys are needed again`}>
      <p className="text-sm">
        Pre-shared keys are only in the memory of the browser that began the batch, and this one does not hold them.
        Rows without their key are left out until you enter it here or have a new one generated.
      </p>
      {free.length > 0 && (
        <div>
          <Button onClick={generate}>
            {free.length === 1 ? 'Generate a new key' : `Generate new keys for all ${free.length}`}
          </Button>
        </div>
      )}
      <form onSubmit={use} className="flex flex-col gap-4">
        {keys.slice(0, shown).map(({ holder, rows, madeAs }) => (
          <KeyField
            key={holder}
            id={`key-of-row-${holder}`}
            names={rows.map(({ name }) => name)}
            madeAs={madeAs}
            value={typed.get(holder) ?? ''}
            onChange={(value) => setTyped(new Map(typed).set(holder, value))}
          />
        ))}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" disabled={![...typed.values()].some((key) => key !== '')}>
            Use these keys
          </Button>
          {shown < keys.length && (
            <Button variant="ghost" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, keys.length - shown)} more of {keys.length - shown}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}

interface KeyFieldProps {
  readonly id: string;
  readonly names: readonly string[];
  readonly madeAs: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function KeyField({ id, names, madeAs, value, onChange }: KeyFieldProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  return (
    <TextField
      id={id}
      label={`Key of ${names.join(' and ')}`}
      explanation={
        madeAs === undefined
          ? 'Cloudflare never shows it again.'
          : `${madeAs} has it already. If nobody has the key any more, give that tunnel a new one on its page and enter it here.`
      }
      value={value}
      onChange={onChange}
      onBlur={() => undefined}
      errors={[]}
      advisories={value === '' ? [] : adviceOn(value)}
      masked={!isRevealed}
      actions={
        <Button
          aria-pressed={isRevealed}
          aria-label={`${isRevealed ? 'Hide' : 'Reveal'} the key of ${names.join(' and ')}`}
          onClick={() => setIsRevealed(!isRevealed)}
        >
          {isRevealed ? 'Hide' : 'Reveal'}
        </Button>
      }
      mono
    />
  );
}

/** The same advice as on the form; it looks at no other tunnel. */
function adviceOn(psk: string) {
  return adviseOnField('psk', { psk }, { otherTunnels: indexTunnels([]), interfaceAddressRules: 'reference' });
}
