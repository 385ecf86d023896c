// Which shortcut a key press is, and how a shortcut is written on the page.

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing'
>;

const IS_MAC = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/**
 * The shortcut that was pressed, as actions name it: `Mod+K`, `Mod+Enter`, or a single character such as `?` or `c`;
 * `undefined` for anything else, such as a key that is held down, or typed into an input method.
 */
export function shortcutOf(press: KeyPress, isMac = IS_MAC): string | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey, repeat, isComposing } = press;
  if (altKey || repeat || isComposing) return undefined;
  if (ctrlKey || metaKey) {
    // Ctrl+K on a Mac deletes the rest of a line.
    const isMod = isMac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
    return isMod && !shiftKey ? `Mod+${nameOf(press)}` : undefined;
  }
  if ([...key].length !== 1 || key === ' ') return undefined;
  // On some keyboards "/" and "?" need Shift, on others not; a letter with Shift is another.
  if (/\p{L}/u.test(key)) return shiftKey ? undefined : key.toLowerCase();
  return key;
}

/** Whether it is a single character, which somebody may press without meaning a shortcut (WCAG 2.1.4). */
export function isSingleKey(shortcut: string): boolean {
  return !shortcut.startsWith('Mod+');
}

/** The shortcut as a person reads it: "Ctrl+K", "⌘ K". */
export function shownShortcut(shortcut: string, isMac = IS_MAC): string {
  if (isSingleKey(shortcut)) return shortcut;
  return shortcut.replace('Mod+', isMac ? '⌘ ' : 'Ctrl+');
}

/** A key with Ctrl or ⌘; where the keyboard has other letters than Latin ones, the Latin letter of its place. */
function nameOf({ key, code }: KeyPress): string {
  if ([...key].length !== 1) return key;
  const isLatin = /^\p{ASCII}$/u.test(key);
  return (isLatin ? key : (/^Key([A-Z])$/.exec(code)?.[1] ?? key)).toUpperCase();
}
