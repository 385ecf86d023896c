// Runs in the page: the clock of one keystroke.

export interface Keystroke {
  /** From the key event's timestamp to the first change of the field's notes, in milliseconds. */
  readonly toDomMs: number;
  /**
   * To the end of the next frame on the main thread, in milliseconds: a task posted from its animation frame callback
   * runs after style, layout and paint. What the compositor and a screen add is not in it, for no page.
   */
  readonly toPaintMs: number;
}

declare global {
  interface Window {
    /** Starts the clock: it watches the next keystroke, and what it changes in the element. */
    watchNextKeystroke(notesSelector: string): void;
    /** Resolves when the change that the watched keystroke made is painted. */
    watchedKeystroke: Promise<Keystroke>;
  }
}

/** Stands alone: it is sent to the page as its source text. */
export function installKeystrokeClock(): void {
  const giveUpAfterMs = 60_000;
  window.watchNextKeystroke = (notesSelector) => {
    const notes = document.querySelector(notesSelector);
    if (notes === null) throw new Error(`${notesSelector} is not there`);
    let pressedAt = 0;
    const onKeyDown = ({ timeStamp }: KeyboardEvent) => {
      pressedAt = timeStamp;
    };
    window.addEventListener('keydown', onKeyDown, { capture: true, once: true });
    window.watchedKeystroke = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`the keystroke changed nothing in ${notesSelector}`)), giveUpAfterMs);
      const observer = new MutationObserver(() => {
        observer.disconnect();
        const toDomMs = performance.now() - pressedAt;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve({ toDomMs, toPaintMs: performance.now() - pressedAt });
        requestAnimationFrame(() => port2.postMessage(undefined));
      });
      observer.observe(notes, { childList: true, subtree: true, characterData: true });
    });
  };
}
