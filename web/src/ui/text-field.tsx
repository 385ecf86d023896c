import type { ReactNode, Ref } from 'react';
import { CONTROL, NO_LOGIN } from './control.ts';
import { FieldFrame, type FieldNotes, framedControl, invalidRing } from './field-frame.tsx';

export interface TextFieldProps extends FieldNotes {
  readonly id: string;
  readonly label: string;
  readonly explanation: ReactNode;
  readonly optional?: boolean;
  readonly meaning?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur: () => void;
  readonly readOnly?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** What one types here is code, not prose: addresses, numbers, keys. */
  readonly mono?: boolean;
  readonly placeholder?: string;
  readonly inputMode?: 'numeric' | undefined;
  /** Values to choose from beside typing one. */
  readonly choices?: readonly string[];
  /** Covers the value with dots. */
  readonly masked?: boolean;
  /** A fixed text behind the input, part of what is sent. */
  readonly suffix?: string;
  /** Buttons beside the input. */
  readonly actions?: ReactNode;
}

export function TextField(props: TextFieldProps) {
  const {
    id,
    value,
    onChange,
    onBlur,
    readOnly,
    inputRef,
    mono,
    placeholder,
    inputMode,
    choices,
    masked,
    suffix,
    actions,
  } = props;
  const choicesId = choices?.length ? `${id}-choices` : undefined;
  return (
    <FieldFrame {...props}>
      <div className="flex flex-wrap items-center gap-2">
        <input
          {...framedControl(id, props)}
          ref={inputRef}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          readOnly={readOnly}
          className={`${CONTROL} ${WIDTH} ${mono ? 'font-mono' : ''} ${masked ? 'masked' : ''} ${invalidRing(props)}`}
          placeholder={placeholder}
          inputMode={inputMode}
          list={choicesId}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          {...NO_LOGIN}
        />
        {suffix && <span className="font-mono text-kumo-subtle text-sm [overflow-wrap:anywhere]">{suffix}</span>}
        {actions}
      </div>
      {choicesId && (
        <datalist id={choicesId}>
          {choices?.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </FieldFrame>
  );
}

export type TextAreaFieldProps = Omit<
  TextFieldProps,
  'inputRef' | 'inputMode' | 'choices' | 'masked' | 'suffix' | 'actions'
>;

export function TextAreaField(props: TextAreaFieldProps) {
  const { id, value, onChange, onBlur, readOnly, mono, placeholder } = props;
  return (
    <FieldFrame {...props}>
      <div>
        <textarea
          {...framedControl(id, props)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onBlur}
          readOnly={readOnly}
          rows={Math.min(10, Math.max(3, value.split('\n').length))}
          className={`${CONTROL} h-auto! w-full py-2 ${mono ? 'font-mono' : ''} ${invalidRing(props)}`}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
      </div>
    </FieldFrame>
  );
}

const WIDTH = 'w-full min-w-0 sm:w-auto sm:flex-1';
