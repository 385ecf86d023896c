// Runs in the page: when the first rows of the list are painted, when what is typed is painted, and how regular frames are.

declare global {
  interface Window {
    /** Resolves when the first rows are painted, in milliseconds since the navigation began. */
    firstRows: Promise<number>;
    /** Starts the clock: it watches the next keystroke that changes the value of this field. */
    watchNextLetter(fieldSelector: string): void;
    /** From the watched keystroke's timestamp until its letter is painted, in milliseconds. */
    watchedLetter: Promise<number>;
    /** Starts to note when frames begin. */
    watchFrames(): void;
    /** From each frame noted to the next, in milliseconds; ends the noting. */
    watchedFrames(): number[];
  }
}

/** Stands alone: it is sent to the page as its source text. */
export function installListClock(): void {
  const giveUpAfterMs = 60_000;
  // A task posted from an animation frame callback runs after style, layout and paint.
  const painted = (): Promise<number> =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now());
      requestAnimationFrame(() => port2.postMessage(undefined));
    });

  window.firstRows = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector('tbody th[scope="row"]') === null) return;
      observer.disconnect();
      resolve(painted());
    });
    observer.observe(document, { childList: true, subtree: true });
  });

  window.watchNextLetter = (fieldSelector) => {
    let pressedAt = 0;
    const onKeyDown = ({ timeStamp }: KeyboardEvent) => {
      pressedAt = timeStamp;
    };
    window.addEventListener('keydown', onKeyDown, { capture: true, once: true });
    window.watchedLetter = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`the keystroke changed nothing in ${fieldSelector}`)), giveUpAfterMs);
      const field = document.querySelector(fieldSelector);
      const onInput = async () => resolve((await painted()) - pressedAt);
      field?.addEventListener('input', onInput, { capture: true, once: true });
    });
  };

  let frames: number[] | undefined;
  const note = (at: number) => {
    if (frames === undefined) return;
    frames.push(at);
    requestAnimationFrame(note);
  };
  window.watchFrames = () => {
    frames = [];
    requestAnimationFrame(note);
  };
  window.watchedFrames = () => {
    const noted = frames ?? [];
    frames = undefined;
    return noted.slice(1).map((at, index) => at - (noted[index] ?? at));
  };
}
