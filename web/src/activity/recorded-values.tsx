// The values an entry is about: of a change what they were and became, of a deletion all as they were, else what was sent.

import type { AuditEntry } from '@tunnel-desk/shared/api/audit';
import { type ReactNode, useState } from 'react';
import { VisibleText } from '../ui/visible-text.tsx';
import { type ShownValue, type ValueChange, valueChanges, valuesOf } from './value-changes.ts';

export function RecordedValues({ entry: { action, before, request } }: { readonly entry: AuditEntry }) {
  switch (action) {
    case 'update':
    case 'validate-update':
      return before === undefined ? (
        <Values title="What was sent" values={valuesOf(request)} note={keyNote(request)} />
      ) : (
        <Changes changes={valueChanges(before, request)} note={keyNote(request)} />
      );
    case 'delete':
    case 'validate-delete':
      return <Values title="What it was" values={valuesOf(before ?? {})} />;
    case 'accept-drift':
    case 'find-drift':
      return <DoneElsewhere before={before} now={request} />;
    case 'generate-psk':
    case 'validate-generate-psk':
      return (
        <Section title="What was sent">
          <p>Only the request for a new key. The key itself is recorded nowhere.</p>
        </Section>
      );
    default:
      return <Values title="What was sent" values={valuesOf(request)} note={keyNote(request)} />;
  }
}

/** How a tunnel is, beside how the desk knew it; nothing is in one that was deleted. */
function DoneElsewhere({
  before,
  now,
}: {
  readonly before: AuditEntry['before'];
  readonly now: AuditEntry['request'];
}) {
  if (before === undefined) return <Values title="What it is" values={valuesOf(now)} />;
  if (Object.keys(now).length === 0) return <Values title="What it was" values={valuesOf(before)} />;
  return <Changes changes={valueChanges(before, now)} note={undefined} />;
}

/** That a key was sent is recorded; entries of earlier versions do not tell. */
function keyNote(request: AuditEntry['request']): string | undefined {
  return 'psk' in request ? 'A pre-shared key was sent with it. The key itself is recorded nowhere.' : undefined;
}

interface ChangesProps {
  readonly changes: readonly ValueChange[];
  readonly note: string | undefined;
}

function Changes({ changes, note }: ChangesProps) {
  return (
    <Section title="What changed" note={note}>
      {changes.length === 0 && <p>No value differs from what was there.</p>}
      <dl className="flex flex-col gap-1.5">
        {changes.map(({ path, label, before, after }) => (
          <Row key={path} path={path} label={label}>
            <del className="text-kumo-subtle no-underline">
              <Value path={path} text={before} />
            </del>
            <span aria-hidden> → </span>
            <span className="sr-only"> became </span>
            <ins className="font-medium no-underline">
              <Value path={path} text={after} />
            </ins>
          </Row>
        ))}
      </dl>
    </Section>
  );
}

interface ValuesProps {
  readonly title: string;
  readonly values: readonly ShownValue[];
  readonly note?: string | undefined;
}

/** What the form has no words for folds away: there is a lot that only Cloudflare sets. */
function Values({ title, values, ...props }: ValuesProps) {
  const more = values.filter(({ label }) => label === undefined);
  return (
    <Section title={title} {...props}>
      {values.length === 0 && <p>Nothing is recorded.</p>}
      <ValueList values={values.filter(({ label }) => label !== undefined)} />
      {more.length > 0 && (
        <details>
          <summary className="min-h-6 cursor-pointer">More ({more.length})</summary>
          <ValueList values={more} />
        </details>
      )}
    </Section>
  );
}

function ValueList({ values }: Pick<ValuesProps, 'values'>) {
  return (
    <dl className="flex flex-col gap-1.5">
      {values.map(({ path, label, text }) => (
        <Row key={path} path={path} label={label}>
          <Value path={path} text={text} />
        </Row>
      ))}
    </dl>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

function Section({ title, note, children }: SectionProps) {
  return (
    <>
      <h3 className="font-semibold">{title}</h3>
      {children}
      {note && <p className="text-kumo-subtle text-xs">{note}</p>}
    </>
  );
}

function Row({ path, label, children }: Pick<ShownValue, 'path' | 'label'> & { readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap gap-x-3">
      <dt className="w-full shrink-0 sm:w-48 text-kumo-subtle [overflow-wrap:anywhere]">
        {label ?? <span className="font-mono">{path}</span>}
      </dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

/** No secret, and yet nothing to show to whoever looks over a shoulder. */
const MASKED = 'bgp.md5_key';

function Value({ path, text }: Pick<ShownValue, 'path'> & { readonly text: string | undefined }) {
  const [isRevealed, setIsRevealed] = useState(false);
  if (text === undefined) return <span className="text-kumo-subtle italic">not set</span>;
  if (path === MASKED && !isRevealed) {
    return (
      <button type="button" onClick={() => setIsRevealed(true)} className="min-h-6 cursor-pointer font-mono underline">
        <span aria-hidden>••••••</span> <span className="font-sans">Reveal</span>
      </button>
    );
  }
  return (
    <span className="whitespace-pre-wrap font-mono">
      <VisibleText text={text} />
    </span>
  );
}
