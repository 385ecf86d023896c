import { VisibleText } from '../../ui/visible-text.tsx';
import type { ChangeInWords } from './tunnel-update.ts';

/** The value before and after: `old → new`. */
export function OldAndNew({ field, from, to }: ChangeInWords) {
  if (from === to) {
    return <p className="text-kumo-subtle">{field === 'psk' ? 'replaced by the key of the form' : 'changed'}</p>;
  }
  return (
    <p>
      <span className="sr-only">from </span>
      <span className="font-mono text-kumo-subtle">
        <VisibleText text={from ?? ''} />
      </span>
      <span aria-hidden> → </span>
      <span className="sr-only"> to </span>
      <span className="font-mono">
        <VisibleText text={to ?? ''} />
      </span>
    </p>
  );
}
