// What components render, where no browser is needed to see it.

import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { type FieldNotes, framedControl, Notes } from '../src/ui/field-frame.tsx';
import { SecretValue } from '../src/ui/secret-value.tsx';
import { Time } from '../src/ui/time.tsx';
import { VisibleText } from '../src/ui/visible-text.tsx';

const html = (node: ReactNode) => renderToStaticMarkup(node);
const text = (node: ReactNode) => html(node).replaceAll(/<[^>]*>/g, '');

describe('a moment', () => {
  test("shows in the person's own time, and carries the exact one", () => {
    const markup = html(createElement(Time, { at: '2026-07-29T03:30:12.345Z' }));
    expect(markup).toContain('dateTime="2026-07-29T03:30:12.345Z"');
    expect(markup).toContain('title="2026-07-29T03:30:12.345Z"');
    expect(text(createElement(Time, { at: new Date('2026-07-29T03:30:12.345Z') }))).toBe(
      new Date('2026-07-29T03:30:12.345Z').toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' }),
    );
  });

  test('that is no date is shown as it came', () => {
    expect(html(createElement(Time, { at: 'soon' }))).toBe('<span>soon</span>');
  });
});

test("somebody's text turns nothing around it", () => {
  expect(html(createElement(VisibleText, { text: 'ab\u202Ecd' }))).toMatch(
    /^<bdi dir="auto">ab<span[^>]*>⟨U\+202E⟩<\/span>cd<\/bdi>$/,
  );
});

describe('what is said under a field', () => {
  const notes = (some: Partial<FieldNotes>) => ({ errors: [], advisories: [], ...some });

  test('tells conflicts, risks and notes apart to the ear', () => {
    const advisories = [
      { message: 'a.', severity: 'conflict' },
      { message: 'b.', severity: 'risk' },
      { message: 'c.', severity: 'note' },
      'd.',
    ] as const;
    expect(text(createElement(Notes, { id: 'name', ...notes({ advisories }) }))).toBe(
      'Conflict: a.Advice: b.Note: c.Advice: d.',
    );
  });

  test('only an error makes the field invalid', () => {
    const conflict = { message: 'taken', severity: 'conflict' } as const;
    expect(framedControl('name', notes({ advisories: [conflict] }))['aria-invalid']).toBe(false);
    expect(framedControl('name', notes({ errors: [{ message: 'empty' }] }))['aria-invalid']).toBe(true);
  });

  test('amber is for risks alone', () => {
    const colors = (severity: 'conflict' | 'risk' | 'note') =>
      html(createElement(Notes, { id: 'name', ...notes({ advisories: [{ message: 'a', severity }] }) })).match(
        /text-kumo-(danger|warning|subtle)/g,
      );
    expect(colors('conflict')).toEqual(['text-kumo-danger']);
    expect(colors('risk')).toEqual(['text-kumo-warning']);
    expect(colors('note')).toEqual(['text-kumo-subtle']);
  });

  test('shows the invisible characters of the value that a message quotes', () => {
    const errors = [{ message: 'no address: 10.0.0.1\u200B' }];
    expect(text(createElement(Notes, { id: 'name', ...notes({ errors }) }))).toContain('10.0.0.1⟨U+200B⟩');
  });

  test('offers the one button for all fixes', () => {
    const fixAll = { label: 'Fix all 3', apply: () => undefined };
    expect(text(createElement(Notes, { id: 'name', ...notes({ errors: [{ message: 'a' }], fixAll }) }))).toContain(
      'Fix all 3',
    );
  });
});

test('a secret is not in the document before it is revealed', () => {
  const markup = html(createElement(SecretValue, { label: 'pre-shared key', secret: 'not-to-be-seen' }));
  expect(markup).not.toContain('not-to-be-seen');
  expect(markup).toContain('Reveal pre-shared key');
});
