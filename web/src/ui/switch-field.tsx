import { Switch } from '@cloudflare/kumo/components/switch';
import type { ReactNode } from 'react';
import { type FieldNotes, FieldTexts, framedControl, Notes } from './field-frame.tsx';

export interface SwitchFieldProps extends FieldNotes {
  readonly id: string;
  readonly label: string;
  readonly explanation: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly onBlur: () => void;
  /** Keeps the focus, unlike a disabled control; the owner of the value ignores changes meanwhile. */
  readonly readOnly?: boolean;
}

export function SwitchField(props: SwitchFieldProps) {
  const { id, label, explanation, checked, onChange, onBlur, readOnly } = props;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-start gap-3">
        <Switch
          {...framedControl(id, props)}
          aria-label={label}
          checked={checked}
          onCheckedChange={onChange}
          onBlur={onBlur}
          aria-disabled={readOnly}
          className={`mt-0.5 shrink-0 ${OFF} ${TARGET}`}
        />
        <FieldTexts id={id} label={label} explanation={explanation} />
      </div>
      <Notes {...props} />
    </div>
  );
}

/** The library's outlines of a switch that is off, and of its thumb, are too faint to see. */
const OFF = 'not-data-checked:ring-control-edge not-data-checked:[--color-kumo-shadow-edge:var(--color-control-edge)]';
/** Takes a press 26 px high, where the switch itself has 18. */
const TARGET = 'after:absolute after:inset-x-0 after:-inset-y-1';
