// Runs in the page: when what a chosen file has in it is shown, and for how long the main thread is busy meanwhile.

declare global {
  interface Window {
    /**
     * Starts the clock with the next file that is chosen, and stops it when the page has these words. To watch how busy the page
     * is keeps it busy.
     */
    watchImport(words: string, watchesBusy: boolean): void;
    watchedImport: Promise<{
      /** From the choice of the file until the words are painted, in milliseconds. */
      readonly shownMs: number;
      /** The longest it took a message that was posted to arrive, in milliseconds; 0 where that is not watched. */
      readonly busyMs: number;
    }>;
    /** Of the reference alone. */
    Papa: { parse(file: File, options: { readonly complete: () => void }): void };
  }
}

/** Stands alone: it is sent to the page as its source text. */
export function installImportClock(): void {
  const giveUpAfterMs = 60_000;

  const watchBusy = () => {
    const { port1, port2 } = new MessageChannel();
    let postedAt = performance.now();
    let longest = 0;
    const note = () => {
      const now = performance.now();
      longest = Math.max(longest, now - postedAt);
      postedAt = now;
    };
    port1.onmessage = () => {
      note();
      port2.postMessage(undefined);
    };
    port2.postMessage(undefined);
    return () => {
      note();
      port1.close();
      return longest;
    };
  };

  window.watchImport = (words, watchesBusy) => {
    window.watchedImport = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`the page never had "${words}"`)), giveUpAfterMs);
      window.addEventListener(
        'change',
        () => {
          const startedAt = performance.now();
          const busy = watchesBusy ? watchBusy() : () => 0;
          const observer = new MutationObserver(() => {
            if (!document.body.textContent?.includes(words)) return;
            observer.disconnect();
            // A task posted from an animation frame callback runs after style, layout and paint.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve({ shownMs: performance.now() - startedAt, busyMs: busy() });
            requestAnimationFrame(() => port2.postMessage(undefined));
          });
          observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        },
        { capture: true, once: true },
      );
    });
  };
}
