import { type ReactNode, useEffect, useRef } from 'react';

export interface FocusedAlertProps {
  /** The classes of its layout and colours. */
  readonly className: string;
  readonly children: ReactNode;
}

/** An alert that takes the focus when it appears, so that reading and the keyboard go on from it. */
export function FocusedAlert({ className, children }: FocusedAlertProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} role="alert" className={`flex flex-col rounded-lg px-4 py-3 ${className}`}>
      {children}
    </div>
  );
}
