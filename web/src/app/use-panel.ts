// Which of the shell's dialogs is open, and where the focus was before.

import { useRef, useState } from 'react';

export type Panel = 'quick-actions' | 'shortcuts';

export interface PanelState {
  readonly panel: Panel | undefined;
  open(panel: Panel): void;
  /** Closes it, puts the focus back where it was, and then does what was chosen in it. */
  close(chosen?: () => void): void;
}

export function usePanel(): PanelState {
  const [panel, setPanel] = useState<Panel>();
  const opener = useRef<Element>(null);
  return {
    panel,
    open: (next) => {
      opener.current = document.activeElement;
      // What is typed while the dialog loads must not end up in a field of the page.
      if (opener.current instanceof HTMLElement) opener.current.blur();
      setPanel(next);
    },
    close: (chosen) => {
      setPanel(undefined);
      // When the dialog is gone: it lets no focus out, and has an idea of its own of where it should go.
      setTimeout(() => {
        if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
        chosen?.();
      });
    },
  };
}
