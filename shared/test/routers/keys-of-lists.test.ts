import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_PLACEHOLDER } from '../../src/routers/configuration.ts';
import type { RouterKind } from '../../src/routers/kinds.ts';
import { ROUTERS } from '../../src/routers/routers.ts';
import { firstTunnel, inputOf, readable, settingsFor } from './inputs.ts';

const LISTS = ['pfsense', 'unifi', 'aws', 'azure'] as const satisfies readonly RouterKind[];

function withKey(kind: RouterKind, psk: string | undefined) {
  const { configure, adviseOn } = ROUTERS[kind];
  const tunnels = readable({ tunnel: firstTunnel(), psk });
  const { files, leftOut } = configure(inputOf(tunnels, settingsFor(kind)));
  const text = files.map(({ content }) => content).join('');
  const advice = tunnels.flatMap((tunnel) => adviseOn(tunnel, settingsFor(kind))).map(({ message }) => message);
  return {
    lines: text.split('\n'),
    isLeftOut: leftOut.some((sentence) => /key/i.test(sentence)),
    isAdvised: advice.some((message) => message.includes('does not accept this key')),
  };
}

describe.each(LISTS)('%s', (kind) => {
  it('has a placeholder where no key was asked for, and says nothing against it', () => {
    const { lines, isLeftOut, isAdvised } = withKey(kind, undefined);
    expect(lines.filter((line) => line.endsWith(KEY_PLACEHOLDER))).toHaveLength(1);
    expect([isLeftOut, isAdvised]).toEqual([false, false]);
  });

  it('has a key as it is on a line of its own, or says in the list, as left out and as advice why not', () => {
    const anyKey = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: fc.constantFrom(...'aZ09._- ~\'"#\\\t\n'), minLength: 8, maxLength: 140 }),
    );
    fc.assert(
      fc.property(anyKey, (key) => {
        const { lines, isLeftOut, isAdvised } = withKey(kind, key);
        const isWritten = !lines.some((line) => line.trim().startsWith('(none: ') && line.includes('key'));
        expect([isLeftOut, isAdvised]).toEqual([!isWritten, !isWritten]);
        expect(lines).toHaveLength(withKey(kind, 'harmlesskey').lines.length);
        if (isWritten) expect(lines).toContain(key);
      }),
    );
  });
});

/** [key, whether it is taken, why] */
const CASES: Readonly<Record<(typeof LISTS)[number], readonly (readonly [string, boolean, string])[]>> = {
  pfsense: [
    ['a b"c\'d~-', true, 'printable ASCII'],
    [' ab', false, 'pfSense takes the blank off'],
    ['ab ', false, 'pfSense takes the blank off'],
    ['é', false, 'pfSense refuses what is not ASCII'],
    ['k'.repeat(200), true, 'no length is documented'],
  ],
  unifi: [
    ['a-b~c#d', true, 'all but blanks and quotation marks'],
    ['a b', false, 'no blanks'],
    ['a"b', false, 'no quotation marks'],
    ["a'b", false, 'no apostrophes'],
  ],
  aws: [
    ['abc_1.Z9', true, 'eight characters of the set'],
    ['k'.repeat(64), true, 'the most there may be'],
    ['k'.repeat(65), false, 'one more than the most'],
    ['abcdefg', false, 'one less than the least'],
    ['0abcdefgh', false, 'cannot begin with 0'],
    ['abcdefg-', false, 'no hyphen'],
  ],
  azure: [
    ['a"b\'c!}', true, 'printable ASCII'],
    ['k'.repeat(128), true, 'the most there may be'],
    ['k'.repeat(129), false, 'one more than the most'],
    ['a b', false, 'no blanks'],
    ['a-b', false, 'no hyphens'],
    ['a~b', false, 'no tildes'],
  ],
};

describe.each(LISTS)('%s', (kind) => {
  it.each(CASES[kind])('takes %j: %s, %s', (key, isTaken) => {
    expect(withKey(kind, key).lines.includes(key)).toBe(isTaken);
  });
});
