import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaceEntry, splitPrefixes } from '../../src/ipsec-tunnels/prefix-list.ts';
import { ipsecTunnelFields, issuesOnField } from '../../src/ipsec-tunnels/request.ts';
import { REFERENCE_RULES } from './validating.ts';

const FIELDS = ipsecTunnelFields(REFERENCE_RULES);

/** The list after every button for a fix was pressed, from the last entry to the first. */
function fixed(text: string): string {
  return issuesOnField(FIELDS, 'bgp.extra_prefixes', splitPrefixes(text)).reduceRight(
    (list, { path, suggestion }) =>
      suggestion === undefined ? list : replaceEntry(list, Number(path.at(-1)), suggestion),
    text,
  );
}

describe('splitPrefixes', () => {
  it('takes commas, semicolons, spaces, tabs and lines, in any number', () => {
    expect(splitPrefixes(' 10.0.0.0/8,10.1.0.0/16 ;\t10.2.0.0/16\r\n\n10.3.0.0/16, ')).toEqual([
      '10.0.0.0/8',
      '10.1.0.0/16',
      '10.2.0.0/16',
      '10.3.0.0/16',
    ]);
    expect(splitPrefixes(' \n')).toEqual([]);
  });

  it('keeps an address and its netmask together, as routers print them', () => {
    expect(splitPrefixes('10.0.0.0 255.0.0.0\n10.1.0.0/16')).toEqual(['10.0.0.0 255.0.0.0', '10.1.0.0/16']);
    expect(splitPrefixes('10.0.0.0\n255.0.0.0')).toEqual(['10.0.0.0', '255.0.0.0']);
    expect(splitPrefixes('10.0.0.0\u00a0255.0.0.0, 0.0.0.0 0.0.0.0')).toEqual([
      '10.0.0.0\u00a0255.0.0.0',
      '0.0.0.0 0.0.0.0',
    ]);
    expect(splitPrefixes('10.0.0.0 255.0.0.0.1 10.1.0.0 192.168.0.0/16')).toHaveLength(4);
  });

  it('keeps a prefix together that has blanks around its slash', () => {
    expect(splitPrefixes('10.0.0.0 / 8 10.1.0.0/\u00a016')).toEqual(['10.0.0.0 / 8', '10.1.0.0/\u00a016']);
    expect(splitPrefixes('10.0.0.0/ 10.1.0.0/16')).toEqual(['10.0.0.0/', '10.1.0.0/16']);
  });

  it('leaves nothing that was typed out of the entries but separators', () => {
    const words = fc.constantFrom(
      ...['10.0.0.0/8', '2001:db8::/32', '10.1.0.1', '255.0.0.0', '1.', '-', '•', '[', ']', '"', '}', 'x', '/', '/ 8'],
      ...[' ', ' ', '\n', '\u00a0', ', ', ';', ',\n'],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let rest = text;
        for (const entry of splitPrefixes(text)) {
          const index = rest.indexOf(entry);
          expect(rest.slice(0, index)).toMatch(/^[\s,;]*$/);
          rest = rest.slice(index + entry.length);
        }
        expect(rest).toMatch(/^[\s,;]*$/);
      }),
    );
  });
});

describe('replaceEntry', () => {
  it('replaces the one entry, and keeps what is between the entries', () => {
    expect(replaceEntry('10.0.0.1/8, 10.0.0.1/8\n 10.2.0.0/16', 1, '10.0.0.0/8')).toBe(
      '10.0.0.1/8, 10.0.0.0/8\n 10.2.0.0/16',
    );
  });

  it('changes nothing for an entry that is not there', () => {
    expect(replaceEntry('10.0.0.0/8', 1, 'x')).toBe('10.0.0.0/8');
  });
});

describe('a pasted list, once everything that can be fixed is fixed', () => {
  it.each([
    { pasted: '- 10.0.0.0/8\n- 10.1.0.0/16', list: '10.0.0.0/8\n10.1.0.0/16', why: 'bullets' },
    { pasted: '• 10.0.0.0/8\n•\t10.1.0.0/16', list: '10.0.0.0/8\n10.1.0.0/16', why: 'bullets of a text processor' },
    { pasted: '1. 10.0.0.0/8\n2) 10.1.0.0/16', list: '10.0.0.0/8\n10.1.0.0/16', why: 'numbers' },
    { pasted: '["10.0.0.0/8", "10.1.0.0/16"]', list: '10.0.0.0/8, 10.1.0.0/16', why: 'a JSON list' },
    {
      pasted: '[\n  "10.0.0.0/8",\n  "10.1.0.0/16"\n]',
      list: '10.0.0.0/8,\n  10.1.0.0/16',
      why: 'one over several lines',
    },
    { pasted: '[\n  "10.0.0.0/8",\n]', list: '10.0.0.0/8', why: 'one with a comma at its end' },
    { pasted: '{ 10.0.0.0/8; 10.1.0.0/16; }', list: '10.0.0.0/8; 10.1.0.0/16', why: 'a set of nftables' },
    { pasted: '“10.0.0.0/8”, ‘10.1.0.0/16’', list: '10.0.0.0/8, 10.1.0.0/16', why: 'curly quotation marks' },
    { pasted: '(10.0.0.0/8) <10.1.0.0/16>', list: '10.0.0.0/8 10.1.0.0/16', why: 'brackets around each' },
    { pasted: '> 10.0.0.0/8\n> 10.1.0.0/16', list: '10.0.0.0/8\n10.1.0.0/16', why: 'a mail that quotes' },
    { pasted: '"10.0.0.0 255.0.0.0"', list: '10.0.0.0/8', why: 'a netmask in quotation marks' },
    { pasted: '10.0.0.0\u00a0255.0.0.0', list: '10.0.0.0/8', why: 'a netmask behind a no-break space' },
    { pasted: '10.0.0.0 / 8\u200b', list: '10.0.0.0/8', why: 'blanks and an invisible character' },
    { pasted: '10.0.0.0/8，10.1.0.0/16', list: '10.0.0.0/8，10.1.0.0/16', why: 'a full-width comma' },
  ])('is right: $why', ({ pasted, list }) => {
    expect(fixed(pasted)).toBe(list);
    expect(issuesOnField(FIELDS, 'bgp.extra_prefixes', splitPrefixes(list))).toEqual([]);
  });

  it.each(['-', '[]', '10.0.0.0/8 -', '1.'])('keeps an ornament with nothing in it, and says so: %s', (pasted) => {
    expect(issuesOnField(FIELDS, 'bgp.extra_prefixes', splitPrefixes(pasted))).toHaveLength(1);
  });
});
