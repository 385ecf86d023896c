// Whether single keys are shortcuts: whoever dictates, or hits keys by accident, turns them off (WCAG 2.1.4).

const STORAGE_KEY = 'tunnel-desk.single-key-shortcuts';

let areOff: boolean | undefined;

export function areSingleKeysOn(): boolean {
  areOff ??= readOff();
  return !areOff;
}

/** Turns them on or off, in this browser from now on. */
export function setSingleKeys(areOn: boolean): void {
  areOff = !areOn;
  try {
    if (areOn) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, 'off');
  } catch {
    // Without storage it holds until the page is reloaded.
  }
}

function readOff(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'off';
  } catch {
    return false;
  }
}
