// What still keeps the form from being sent, with a link to each field.

import { Button } from '@cloudflare/kumo/components/button';
import { type Issue, toPointer } from '@tunnel-desk/shared/issues';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { FieldLink } from './field-link.tsx';
import { applyFix, fieldId } from './use-field.ts';
import { useLiveFormContext } from './use-live-form.ts';

export interface IssueSummaryProps {
  /** Issues with what is chosen outside the form's own fields. */
  readonly others: readonly { readonly controlId: string; readonly label: string; readonly message: string }[];
}

/** Takes the focus when it appears; shrinks as issues are fixed, and goes with the last one. */
export function IssueSummary({ others }: IssueSummaryProps) {
  const liveForm = useLiveFormContext();
  const { validation, labelOf, fieldAt } = liveForm;
  const issues = useSyncExternalStore(validation.subscribe, () => validation.issues);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const count = others.length + issues.length;
  if (count === 0) return null;
  const fixable = issues.filter(({ suggestion }) => suggestion !== undefined);
  const items = [
    ...others,
    ...issues.map(({ path, message }) => {
      const field = fieldAt(path);
      return { controlId: field && fieldId(field), label: field === undefined ? '' : labelOf(field), message, path };
    }),
  ];
  return (
    <div ref={box} tabIndex={-1} role="alert" className="rounded-lg bg-kumo-danger-tint px-4 py-3 text-kumo-danger">
      <h2 className="font-semibold">
        {count === 1 ? 'One thing needs' : `${count} things need`} your attention. Nothing was sent.
      </h2>
      <ul className="mt-1 list-disc pl-5 text-sm">
        {items.map((item) => (
          <li key={keyOf(item)} className="[overflow-wrap:anywhere]">
            {item.controlId && (
              <>
                <FieldLink controlId={item.controlId}>{item.label}</FieldLink>:{' '}
              </>
            )}
            {item.message}
          </li>
        ))}
      </ul>
      {fixable.length > 1 && (
        <Button size="sm" variant="outline" className="mt-2" onClick={() => fixAll(liveForm, fixable)}>
          Fix all {fixable.length}
        </Button>
      )}
    </div>
  );
}

function fixAll(liveForm: ReturnType<typeof useLiveFormContext>, issues: readonly Issue[]): void {
  // From the last on, because in a list a fix may make two entries of one.
  for (const issue of issues.toReversed()) applyFix(liveForm, issue);
}

function keyOf(item: { readonly controlId: string | undefined } & Partial<Pick<Issue, 'path'>>): string {
  return item.path === undefined ? `other ${item.controlId}` : toPointer(item.path);
}
