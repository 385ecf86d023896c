import { describe, expect, it } from 'vitest';
import { commentHead, inComment } from '../../src/routers/configuration.ts';
import { HOSTILE_NAMES } from './hostile.ts';
import { firstTunnel, inputOf, readable, settingsFor } from './inputs.ts';

describe('a text in a comment', () => {
  it.each(HOSTILE_NAMES)('is one short line of printable ASCII where it $why', ({ text }) => {
    expect(inComment(text)).toMatch(/^[ -~]{1,103}$/);
  });

  it('is otherwise as it was', () => {
    expect(inComment('Branch 1 (first ISP)')).toBe('Branch 1 (first ISP)');
    expect(inComment('a\nb é')).toBe('a?b ?');
  });
});

describe('the head of a file', () => {
  const input = inputOf(readable({ tunnel: firstTunnel({ name: 'a\nb' }) }), settingsFor('linux'));

  it('is comment lines alone', () => {
    const lines = commentHead(input, { kind: 'linux', sources: ['A guide'] }, '!').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => !line.startsWith('! '))).toEqual([]);
  });

  it('says that nothing ran where it is made from guides', () => {
    const head = commentHead(input, { kind: 'vyos', guidesOf: '2026-08-24', sources: [] }, '#');
    expect(head).toContain('# Made from the guides of 2026-08-24, not run here\n');
    expect(commentHead(input, { kind: 'linux', sources: [] }, '#')).not.toContain('guides');
  });
});
