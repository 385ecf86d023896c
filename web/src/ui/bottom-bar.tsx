// A bar that stays at the bottom of a small window, and keeps what has the focus out from under itself.

import { type ReactNode, useLayoutEffect, useRef } from 'react';

export function BottomBar({ children }: { readonly children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bar.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => makeRoomFor(element));
    observer.observe(element);
    return () => {
      observer.disconnect();
      document.documentElement.style.removeProperty(HEIGHT);
    };
  }, []);
  return (
    <div
      ref={bar}
      className="sticky bottom-0 -mx-4 flex max-h-[50dvh] flex-col gap-3 overflow-y-auto border-kumo-line border-t bg-kumo-base px-4 py-3 lg:static lg:mx-0 lg:max-h-none lg:overflow-visible lg:rounded-lg lg:border-0 lg:p-4 lg:ring lg:ring-kumo-line"
    >
      {children}
    </div>
  );
}

/** What the page's `scroll-padding` leaves free (`styles.css`), so that a field that takes the focus scrolls above it. */
const HEIGHT = '--bottom-bar-height';

function makeRoomFor(bar: HTMLElement): void {
  const isSticky = getComputedStyle(bar).position === 'sticky';
  document.documentElement.style.setProperty(HEIGHT, isSticky ? `${bar.offsetHeight}px` : '0px');
  // A bar that grew may cover what has had the focus all along.
  const focused = document.activeElement;
  if (!isSticky || focused === null || focused === document.body || bar.contains(focused)) return;
  const { top, bottom } = focused.getBoundingClientRect();
  const edge = bar.getBoundingClientRect().top;
  if (top < window.innerHeight && bottom > edge) focused.scrollIntoView({ block: 'nearest' });
}
