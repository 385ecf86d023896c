// Which actions are offered, and which key press is which shortcut.

import { describe, expect, test, vi } from 'vitest';
import { QuickActionRegistry } from '../src/quick-actions/registry.ts';
import { type KeyPress, shortcutOf, shownShortcut } from '../src/quick-actions/shortcuts.ts';

const action = (label: string, shortcut?: string) => ({ label, shortcut, run: () => undefined });

describe('the actions that are offered', () => {
  const labels = (registry: QuickActionRegistry) => registry.actions.map(({ label }) => label);

  test("begin with the page's own, whichever came first", () => {
    const registry = new QuickActionRegistry();
    registry.add('everywhere').replace([action('Activity')]);
    registry.add('page').replace([action('Validate only'), action('Create tunnel')]);
    expect(labels(registry)).toEqual(['Validate only', 'Create tunnel', 'Activity']);
  });

  test('keep their order when a component renders again with others', () => {
    const registry = new QuickActionRegistry();
    const first = registry.add('page');
    first.replace([action('one')]);
    registry.add('page').replace([action('two')]);
    first.replace([action('another')]);
    expect(labels(registry)).toEqual(['another', 'two']);
  });

  test('go with the component that registered them', () => {
    const registry = new QuickActionRegistry();
    const page = registry.add('page');
    page.replace([action('Validate only')]);
    page.remove();
    expect(labels(registry)).toEqual([]);
  });

  test.each([
    { why: 'the label', page: action('Create a tunnel'), everywhere: action('Create a tunnel', 'c') },
    { why: 'the shortcut', page: action('Create a route', 'c'), everywhere: action('Create a tunnel', 'c') },
  ])("are the page's alone where $why is the same", ({ page, everywhere }) => {
    const registry = new QuickActionRegistry();
    registry.add('everywhere').replace([everywhere]);
    registry.add('page').replace([page]);
    expect(labels(registry)).toEqual([page.label]);
  });

  test('tell whoever shows them of every change, until they are shown no more', () => {
    const registry = new QuickActionRegistry();
    const listener = vi.fn();
    const unsubscribe = registry.subscribe(listener);
    const page = registry.add('page');
    page.replace([action('one')]);
    page.remove();
    expect(listener).toHaveBeenCalledTimes(2);
    unsubscribe();
    registry.add('page').replace([action('two')]);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

const press = (some: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  ...some,
});

describe('a key press', () => {
  test.each([
    { pressed: { key: 'k', ctrlKey: true }, is: 'Mod+K', why: 'the quick actions' },
    { pressed: { key: 'K', ctrlKey: true }, is: 'Mod+K', why: 'caps lock is on' },
    {
      pressed: { key: 'л', code: 'KeyK', ctrlKey: true },
      is: 'Mod+K',
      why: 'a Russian keyboard has another letter there',
    },
    { pressed: { key: 'Enter', ctrlKey: true }, is: 'Mod+Enter', why: 'a key with a name' },
    { pressed: { key: 'k', metaKey: true }, is: undefined, why: '⌘ is not Ctrl elsewhere: the Windows key' },
    { pressed: { key: 'K', ctrlKey: true, shiftKey: true }, is: undefined, why: 'the browser has its own use for it' },
    { pressed: { key: 'k', ctrlKey: true, altKey: true }, is: undefined, why: 'AltGr types a character' },
    { pressed: { key: 'c' }, is: 'c', why: 'a letter alone' },
    { pressed: { key: 'C' }, is: 'c', why: 'caps lock is on' },
    { pressed: { key: 'C', shiftKey: true }, is: undefined, why: 'a letter with Shift is another' },
    { pressed: { key: '?', shiftKey: true }, is: '?', why: 'most keyboards need Shift for it' },
    { pressed: { key: '/', shiftKey: true }, is: '/', why: 'German keyboards need Shift for it' },
    { pressed: { key: 'Tab' }, is: undefined, why: 'a key with a name is no character' },
    { pressed: { key: ' ' }, is: undefined, why: 'space presses buttons and scrolls' },
    { pressed: { key: 'c', repeat: true }, is: undefined, why: 'it is held down' },
    { pressed: { key: 'c', isComposing: true }, is: undefined, why: 'an input method is at work' },
  ])('$pressed is $is: $why', ({ pressed, is }) => {
    expect(shortcutOf(press(pressed), false)).toBe(is);
  });

  test('on a Mac needs ⌘: Ctrl+K deletes the rest of a line there', () => {
    expect(shortcutOf(press({ key: 'k', metaKey: true }), true)).toBe('Mod+K');
    expect(shortcutOf(press({ key: 'k', ctrlKey: true }), true)).toBeUndefined();
  });
});

test('a shortcut is shown as the keyboard has it', () => {
  expect(shownShortcut('Mod+K', false)).toBe('Ctrl+K');
  expect(shownShortcut('Mod+Enter', true)).toBe('⌘ Enter');
  expect(shownShortcut('?', true)).toBe('?');
});
