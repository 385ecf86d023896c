// Where an import begins: a file to drop or to choose, or cells to paste; which columns there are, and a template.

import { Button } from '@cloudflare/kumo/components/button';
import { UploadSimpleIcon } from '@phosphor-icons/react';
import { useId, useState } from 'react';
import { Card } from '../../../ui/card.tsx';
import { CONTROL, NO_LOGIN } from '../../../ui/control.ts';
import { ColumnList, TemplateButton } from './column-list.tsx';
import { Failure } from './failure.tsx';
import type { ReadRows } from './read-result.ts';
import { useIncoming } from './use-incoming.ts';
import { useReading } from './use-reading.ts';

export interface ChooseFileProps {
  readonly onRead: (read: ReadRows) => void;
}

export function ChooseFile({ onRead }: ChooseFileProps) {
  const { reading, read } = useReading(onRead);
  const isDraggedOver = useIncoming(read);
  const [typed, setTyped] = useState('');
  const inputId = useId();
  const pasteId = useId();
  const isReading = reading.kind === 'reading';
  return (
    <div className="flex max-w-[1120px] flex-col gap-5">
      <Card title="Choose the tunnels">
        <Failure reading={reading} onRead={read} />
        <label
          htmlFor={inputId}
          className={`flex cursor-pointer flex-col items-center gap-2 rounded-lg border-2 border-dashed px-4 py-8 text-center has-focus-visible:outline-2 has-focus-visible:outline-kumo-brand has-focus-visible:outline-offset-2 ${
            isDraggedOver ? 'border-kumo-brand bg-kumo-info-tint' : 'border-control-edge'
          }`}
        >
          <UploadSimpleIcon aria-hidden className="size-6 text-kumo-subtle" />
          <span>
            {isDraggedOver ? (
              'Drop it here'
            ) : (
              <>
                Drop a file here, or <span className="font-medium underline">choose one</span>
              </>
            )}
          </span>
          <span className="text-kumo-subtle text-sm">CSV, TSV or JSON, up to 2,000 rows</span>
          <input
            id={inputId}
            type="file"
            accept={ACCEPT}
            disabled={isReading}
            className="sr-only"
            onChange={({ target }) => {
              read({ files: [...(target.files ?? [])] });
              // So that the same file can be chosen again once it was corrected.
              target.value = '';
            }}
          />
        </label>
        <div>
          <label htmlFor={pasteId} className="font-medium">
            Or paste cells from a spreadsheet
          </label>
          <p id={`${pasteId}-explanation`} className="text-kumo-subtle text-sm">
            Include the row of headers. You can paste anywhere on this page: the cells are read at once.
          </p>
          <textarea
            id={pasteId}
            aria-describedby={`${pasteId}-explanation`}
            rows={2}
            readOnly={isReading}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            className={`${CONTROL} mt-1.5 h-auto! w-full py-2 font-mono`}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            {...NO_LOGIN}
          />
          {typed !== '' && (
            <Button className="mt-2" onClick={() => read({ text: typed })}>
              Read this
            </Button>
          )}
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <TemplateButton />
          <span className="text-kumo-subtle text-sm">With every column, what it takes, and three examples.</span>
        </div>
        <p role="status" className="text-kumo-subtle text-sm empty:hidden">
          {isReading ? 'Reading…' : ''}
        </p>
      </Card>
      <ColumnList />
    </div>
  );
}

/** Some systems know files of these kinds by their ending alone, others by their type. */
const ACCEPT = '.csv,.tsv,.tab,.txt,.json,text/csv,text/tab-separated-values,text/plain,application/json';
