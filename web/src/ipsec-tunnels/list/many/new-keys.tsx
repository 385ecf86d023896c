// Keys that were just generated: each to reveal and copy, and all of them to download.

import { Button } from '@cloudflare/kumo/components/button';
import { EyeIcon, EyeSlashIcon } from '@phosphor-icons/react';
import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { useState } from 'react';
import { saveFile } from '../../../lib/save-file.ts';
import { withVisibleCharacters } from '../../../lib/visible-characters.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { VisibleText } from '../../../ui/visible-text.tsx';
import { newKeysCsv } from './new-keys-csv.ts';

export interface NewKey {
  readonly tunnel: IpsecTunnel;
  readonly psk: string;
}

export interface NewKeysProps {
  readonly keys: readonly NewKey[];
  /** The IDs of the tunnels whose keys somebody has. */
  readonly taken: ReadonlySet<string>;
  readonly onTaken: (...tunnelIds: readonly string[]) => void;
  /** What a person does that loses them. */
  readonly goneWhen?: string;
}

/** More at once would hold the page up. */
const MOST_LISTED = 200;

export function NewKeys({ keys, taken, onTaken, goneWhen = 'close this' }: NewKeysProps) {
  const download = () => {
    saveFile('new-keys.csv', 'text/csv;charset=utf-8', newKeysCsv(keys));
    onTaken(...keys.map(({ tunnel }) => tunnel.id));
  };
  const left = keys.filter(({ tunnel }) => !taken.has(tunnel.id)).length;
  return (
    <section aria-labelledby="new-keys" className="flex flex-col gap-2">
      <h3 id="new-keys" className="font-semibold">
        New keys: {keys.length}
      </h3>
      <p className="text-kumo-subtle text-sm">
        Put them on the routers. They are gone when you {goneWhen}; Cloudflare never shows them again.
        {left > 0 && ` ${left} not copied, revealed or downloaded yet.`}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" onClick={download}>
          Download all as CSV
        </Button>
        <span className="text-kumo-subtle text-sm">
          The file holds the keys in clear: delete it once they are in use.
        </span>
      </div>
      <ul className="divide-y divide-kumo-line rounded-lg text-sm ring ring-kumo-line">
        {keys.slice(0, MOST_LISTED).map((key) => (
          <NewKeyRow key={key.tunnel.id} {...key} onTaken={() => onTaken(key.tunnel.id)} />
        ))}
      </ul>
      {keys.length > MOST_LISTED && (
        <p className="text-kumo-subtle text-sm">The other {keys.length - MOST_LISTED} are in the file alone.</p>
      )}
    </section>
  );
}

interface NewKeyRowProps extends NewKey {
  readonly onTaken: () => void;
}

/** The key stands in the document only while it is revealed. */
function NewKeyRow({ tunnel, psk, onTaken }: NewKeyRowProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  const name = withVisibleCharacters(tunnel.name);
  const toggle = () => {
    if (!isRevealed) onTaken();
    setIsRevealed(!isRevealed);
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <span className="min-w-0 flex-1 basis-40 font-medium [overflow-wrap:anywhere]">
        <VisibleText text={tunnel.name} />
      </span>
      <span className="min-w-0 font-mono [overflow-wrap:anywhere]">
        {isRevealed ? (
          psk
        ) : (
          <>
            <span aria-hidden>••••••••</span>
            <span className="sr-only">hidden</span>
          </>
        )}
      </span>
      <span className="flex items-center gap-1">
        <Button
          size="sm"
          shape="square"
          aria-pressed={isRevealed}
          aria-label={`${isRevealed ? 'Hide' : 'Reveal'} the key of ${name}`}
          icon={isRevealed ? EyeSlashIcon : EyeIcon}
          onClick={toggle}
        />
        <CopyButton
          iconOnly
          label={`Copy the key of ${name}`}
          text={psk}
          onCopied={onTaken}
          whenRefused="Reveal it and copy it by hand."
        />
      </span>
    </li>
  );
}
