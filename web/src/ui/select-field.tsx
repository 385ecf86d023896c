// A native select: the library's own costs 15.6 kB for lists this short, and phones have a better one built in.

import { CaretRightIcon } from '@phosphor-icons/react';
import type { ReactNode } from 'react';
import { CONTROL } from './control.ts';
import { FieldFrame, type FieldNotes, framedControl, invalidRing } from './field-frame.tsx';

export interface SelectFieldProps<Value extends string> extends FieldNotes {
  readonly id: string;
  readonly label: string;
  readonly explanation: ReactNode;
  readonly optional?: boolean;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly onBlur: () => void;
  /** Keeps the focus, unlike a disabled control; the owner of the value ignores changes meanwhile. */
  readonly readOnly?: boolean;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
}

export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { id, value, onChange, onBlur, readOnly, options } = props;
  const choose = (chosen: string) => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <FieldFrame {...props}>
      <div className="relative">
        <select
          {...framedControl(id, props)}
          value={value}
          onChange={(event) => choose(event.target.value)}
          onBlur={onBlur}
          aria-disabled={readOnly}
          // Without the browser's own look, which sets the text further in than an input's.
          className={`${CONTROL} w-full appearance-none pr-9 ${readOnly ? 'pointer-events-none' : ''} ${invalidRing(props)}`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <CaretRightIcon
          aria-hidden
          className="pointer-events-none absolute top-2.5 right-3 size-4 rotate-90 text-kumo-subtle"
        />
      </div>
    </FieldFrame>
  );
}
