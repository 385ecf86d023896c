import { useEffect } from 'react';
import { isSingleKey, shortcutOf } from './shortcuts.ts';
import { areSingleKeysOn } from './single-keys.ts';
import { actionUnder } from './use-quick-actions.ts';

/**
 * Runs the action whose shortcut is pressed, wherever the focus is: in fields and lists only what no text can be. Nothing
 * while it is off.
 */
export function useShortcutKeys(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      // Whatever has the focus comes first.
      if (event.defaultPrevented) return;
      const shortcut = shortcutOf(event);
      if (shortcut === undefined || isModalOpen()) return;
      if (isSingleKey(shortcut) && (!areSingleKeysOn() || takesText(event.target))) return;
      const action = actionUnder(shortcut);
      if (action === undefined) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [isOn]);
}

/** Fields, and what a letter moves through. */
const TAKES_TEXT = [
  'input',
  'textarea',
  'select',
  '[contenteditable]',
  '[role="textbox"]',
  '[role="combobox"]',
  '[role="listbox"]',
  '[role="menu"]',
].join();

function takesText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKES_TEXT) !== null;
}

/** What a dialog covers is not to be changed from within it. */
function isModalOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], dialog[open]') !== null;
}
