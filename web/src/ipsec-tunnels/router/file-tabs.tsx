// The files of a configuration, one at a time, to read, copy and download.

import { Button } from '@cloudflare/kumo/components/button';
import { DownloadSimpleIcon } from '@phosphor-icons/react';
import { type KeyboardEvent, useId, useState } from 'react';
import { saveFile } from '../../lib/save-file.ts';
import { CopyOutcome } from '../../ui/copy-outcome.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { HighlightedContent } from './highlighted-content.tsx';
import type { ShownFile } from './shown-files.ts';

export interface FileTabsProps {
  /** What the archive and its folder are called. */
  readonly label: string;
  readonly at: Date;
  readonly files: readonly ShownFile[];
  /** Called when somebody has seen, copied or downloaded a pre-shared key with them. */
  readonly onKeyTaken: () => void;
}

export function FileTabs({ label, at, files, onKeyTaken }: FileTabsProps) {
  const [chosen, setChosen] = useState<string>();
  const [isZipFailed, setIsZipFailed] = useState(false);
  const { copy, last, forget } = useCopy();
  const id = useId();
  const shown = files.find(({ file }) => file.name === chosen) ?? files[0];
  if (shown === undefined) return null;
  const take = (taken: readonly ShownFile[]) => {
    if (taken.some(({ secrets }) => secrets.includes('pre-shared key'))) onKeyTaken();
  };
  const saveAll = async () => {
    setIsZipFailed(false);
    try {
      const { saveZip } = await import('./zip-files.ts');
      saveZip(label, [{ name: label, files: files.map(({ file }) => file) }], at);
      take(files);
    } catch {
      setIsZipFailed(true);
    }
  };
  const copyOne = async ({ file, secrets }: ShownFile) => {
    await copy({ text: file.content, what: file.name, remarks: secrets.map((secret) => `The ${secret} is in it.`) });
    take([shown]);
  };
  return (
    <section aria-label="Files" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <TabList id={id} names={files.map(({ file }) => file.name)} chosen={shown.file.name} onChoose={setChosen} />
        {files.length > 1 && (
          <Button icon={DownloadSimpleIcon} onClick={() => void saveAll()}>
            Download all
          </Button>
        )}
      </div>
      <FilePanel
        key={[shown.file.name, ...shown.secrets].join()}
        id={id}
        shown={shown}
        onTaken={() => take([shown])}
        onCopy={() => void copyOne(shown)}
      />
      <CopyOutcome last={last} forget={forget} />
      <p role="status" className="text-kumo-danger text-sm empty:hidden">
        {isZipFailed && "The archive can't be made just now. Try again, or download the files one by one."}
      </p>
    </section>
  );
}

interface FilePanelProps {
  readonly id: string;
  readonly shown: ShownFile;
  readonly onTaken: () => void;
  readonly onCopy: () => void;
}

function FilePanel({ id, shown: { file, masked, secrets }, onTaken, onCopy }: FilePanelProps) {
  const [isRevealed, setIsRevealed] = useState(false);
  const keys = secrets.length > 1 ? 'keys' : secrets[0];
  const reveal = () => {
    if (!isRevealed) onTaken();
    setIsRevealed(!isRevealed);
  };
  const download = () => {
    saveFile(file.name, 'text/plain;charset=utf-8', file.content);
    onTaken();
  };
  return (
    <div
      role="tabpanel"
      id={panelId(id)}
      aria-labelledby={tabId(id, file.name)}
      className="min-w-0 rounded-lg ring ring-kumo-line"
    >
      <div className="flex flex-wrap items-center justify-between gap-2 border-kumo-line border-b px-3 py-2">
        <div className="min-w-0 text-sm [overflow-wrap:anywhere]">
          <p>{file.purpose}</p>
          {keys !== undefined && !isRevealed && (
            <p className="text-kumo-subtle">
              The {keys} {secrets.length > 1 ? 'are' : 'is'} hidden here. What you copy or download has{' '}
              {secrets.length > 1 ? 'them' : 'it'}.
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {keys !== undefined && (
            <Button size="sm" aria-pressed={isRevealed} onClick={reveal}>
              {isRevealed ? 'Hide' : 'Reveal'} {keys}
            </Button>
          )}
          <Button size="sm" onClick={onCopy}>
            Copy
          </Button>
          <Button size="sm" onClick={download}>
            Download
          </Button>
        </div>
      </div>
      <pre
        className="max-h-[32rem] overflow-auto p-3 font-mono text-xs leading-relaxed"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <HighlightedContent language={file.language} content={isRevealed ? file.content : masked} />
      </pre>
    </div>
  );
}

const tabId = (id: string, name: string) => `${id}-${name}`;
const panelId = (id: string) => `${id}-panel`;

interface TabListProps {
  readonly id: string;
  readonly names: readonly string[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** One stop for Tab; arrow keys go from file to file (ARIA Authoring Practices, tabs). */
function TabList({ id, names, chosen, onChoose }: TabListProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextPlace(event.key, names.indexOf(chosen), names.length);
    const name = next === undefined ? undefined : names[next];
    if (name === undefined) return;
    event.preventDefault();
    onChoose(name);
    document.getElementById(tabId(id, name))?.focus();
  };
  return (
    <div role="tablist" aria-label="Files" onKeyDown={onKeyDown} className="flex min-w-0 flex-wrap gap-1">
      {names.map((name) => {
        const isChosen = name === chosen;
        return (
          <button
            key={name}
            id={tabId(id, name)}
            type="button"
            role="tab"
            aria-selected={isChosen}
            aria-controls={panelId(id)}
            tabIndex={isChosen ? 0 : -1}
            onClick={() => onChoose(name)}
            className={`cursor-pointer rounded-md px-2.5 py-1 font-mono text-sm [overflow-wrap:anywhere] ${isChosen ? 'bg-kumo-fill font-semibold text-kumo-default' : 'text-kumo-subtle hover:bg-kumo-tint'}`}
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}

function nextPlace(key: string, current: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (current + 1) % count;
    case 'ArrowLeft':
      return (current - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
