import { Button } from '@cloudflare/kumo/components/button';
import type { ReactNode } from 'react';
import { Modal } from '../../ui/modal.tsx';
import { Interruptions } from './change-list.tsx';

export interface InterruptionDialogProps {
  readonly name: string;
  readonly interruptions: readonly string[];
  /** What else stops, where that takes a look to know. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
  readonly onSave: () => void;
}

/** Says what stops before a change that interrupts traffic is saved. */
export function InterruptionDialog({ name, interruptions, children, onClose, onSave }: InterruptionDialogProps) {
  return (
    <Modal
      title="Save a change that interrupts traffic?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Go on editing</Button>
          <Button variant="primary" onClick={onSave}>
            Save anyway
          </Button>
        </>
      }
    >
      <p className="[overflow-wrap:anywhere]">This is what it means for {name}:</p>
      <Interruptions sentences={interruptions} />
      {children}
    </Modal>
  );
}
