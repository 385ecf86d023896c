// Where the new key comes from.

import { Radio } from '@cloudflare/kumo/components/radio';
import { SecretValue } from '../../ui/secret-value.tsx';
import { OwnKeyField } from './own-key-field.tsx';

const SOURCES = ['cloudflare', 'browser', 'own'] as const;
export type NewKeySource = (typeof SOURCES)[number];

const WORDS: Record<NewKeySource, { readonly label: string; readonly explanation: string }> = {
  cloudflare: {
    label: 'Generate it at Cloudflare',
    explanation: 'Cloudflare makes the key and tells it once: you see it here next, and put it on the router.',
  },
  browser: {
    label: 'Generate it in this browser',
    explanation: 'You have the key before Cloudflare does, and can put it on the router at the same moment.',
  },
  own: { label: 'Use my own', explanation: 'For a key that the router has already.' },
};

export interface KeySourceProps {
  readonly source: NewKeySource;
  readonly onSource: (source: NewKeySource) => void;
  readonly browserKey: string;
  /** Called when the person has copied or revealed it. */
  readonly onBrowserKeyTaken: () => void;
  readonly ownKey: string;
  readonly onOwnKey: (key: string) => void;
  /** Whether it is time to say that one must be entered. */
  readonly isMissed: boolean;
  readonly readOnly: boolean;
}

export function KeySource(props: KeySourceProps) {
  const { source, onSource, browserKey, onBrowserKeyTaken, ownKey, onOwnKey, isMissed, readOnly } = props;
  return (
    <div className="flex flex-col gap-3">
      <Radio.Group
        legend="Where the new key comes from"
        className="gap-2"
        value={source}
        onValueChange={(chosen) => {
          const next = SOURCES.find((known) => known === chosen);
          if (next !== undefined) onSource(next);
        }}
      >
        {SOURCES.map((each) => (
          <Radio.Item key={each} value={each} label={WORDS[each].label} />
        ))}
      </Radio.Group>
      <p className="text-kumo-subtle text-sm">{WORDS[source].explanation}</p>
      {source === 'browser' && (
        <SecretValue label="new pre-shared key" secret={browserKey} onTaken={onBrowserKeyTaken} />
      )}
      {source === 'own' && <OwnKeyField value={ownKey} onChange={onOwnKey} isMissed={isMissed} readOnly={readOnly} />}
    </div>
  );
}
