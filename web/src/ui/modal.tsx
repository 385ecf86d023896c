// A dialog over the page: it takes the focus, keeps it, and gives it back.

import { Dialog, DialogRoot, DialogTitle } from '@cloudflare/kumo/components/dialog';
import type { ReactNode } from 'react';

export interface ModalProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** The buttons, the one that cancels first. */
  readonly actions: ReactNode;
  /** Called for Escape and a press outside; the owner decides whether it closes. */
  readonly onClose: () => void;
}

/** Shown as long as it is rendered. A window that is too small for it scrolls it. */
export function Modal({ title, children, actions, onClose }: ModalProps) {
  return (
    <DialogRoot open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog size="lg" className="flex max-h-[calc(100dvh-4rem)] flex-col sm:max-h-[calc(100dvh-8rem)]">
        <DialogTitle className="border-kumo-line border-b px-5 py-4 font-semibold text-lg [overflow-wrap:anywhere]">
          {title}
        </DialogTitle>
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-4">{children}</div>
        <div className="flex flex-wrap justify-end gap-3 border-kumo-line border-t px-5 py-4">{actions}</div>
      </Dialog>
    </DialogRoot>
  );
}
