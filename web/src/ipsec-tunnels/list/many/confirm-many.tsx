// The number to type before something is done to many tunnels.

import { CONTROL, NO_LOGIN } from '../../../ui/control.ts';

export interface ConfirmManyProps {
  readonly count: number;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly onConfirm: () => void;
}

export function ConfirmMany({ count, typed, onType, onConfirm }: ConfirmManyProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="font-medium">
        Type <span className="font-mono">{count}</span> to confirm
      </span>
      <input
        value={typed}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && isConfirmed(typed, count)) onConfirm();
        }}
        inputMode="numeric"
        autoComplete="off"
        className={`${CONTROL} w-32 font-mono`}
        {...NO_LOGIN}
      />
    </label>
  );
}

/** Whether what was typed is this number. */
export function isConfirmed(typed: string, count: number): boolean {
  return typed.trim() === String(count);
}
