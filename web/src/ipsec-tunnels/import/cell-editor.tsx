// The input in a cell that is edited.

import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { NO_LOGIN } from '../../ui/control.ts';

/** A text that was entered, and where one goes from there: steps by rows and columns. */
export interface Committed {
  readonly text: string;
  readonly step: readonly [rows: number, columns: number];
  /** Whether the keyboard goes on in the table; not where something else was pressed. */
  readonly staysInTable: boolean;
}

export interface CellEditorProps {
  readonly label: string;
  readonly initial: string;
  readonly isMasked: boolean;
  readonly choices: readonly string[];
  readonly onCommit: (committed: Committed) => void;
  readonly onCancel: () => void;
}

export function CellEditor({ label, initial, isMasked, choices, onCommit, onCancel }: CellEditorProps) {
  const input = useRef<HTMLInputElement>(null);
  /** Whether it was left by a key: the blur that follows is no other way out. */
  const isOver = useRef(false);
  const choicesId = useId();
  useEffect(() => {
    const { current } = input;
    current?.focus();
    current?.setSelectionRange(current.value.length, current.value.length);
  }, []);
  const commit = (step: Committed['step'], staysInTable: boolean) => {
    if (isOver.current) return;
    isOver.current = true;
    onCommit({ text: input.current?.value ?? initial, step, staysInTable });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The table has keys of its own, and an input method its Enter.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const back = event.shiftKey ? -1 : 1;
    if (event.key === 'Escape') {
      isOver.current = true;
      onCancel();
    } else if (event.key === 'Enter') commit([back, 0], true);
    else if (event.key === 'Tab') commit([0, back], true);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        ref={input}
        aria-label={label}
        defaultValue={initial}
        onKeyDown={onKeyDown}
        onBlur={() => commit([0, 0], false)}
        className={`absolute inset-0 z-1 bg-kumo-control px-2 font-[inherit] outline-2 outline-kumo-brand -outline-offset-2 ${isMasked ? 'masked' : ''}`}
        list={choices.length > 0 ? choicesId : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        {...NO_LOGIN}
      />
      {choices.length > 0 && (
        <datalist id={choicesId}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </>
  );
}
