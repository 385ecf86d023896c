import { describe, expect, it } from 'vitest';
import { step, writeSettingsList } from '../../src/routers/settings-list.ts';

describe('the list', () => {
  it('numbers its steps after the head, and puts the values of each in one column', () => {
    const { content } = writeSettingsList('# Head\n', [
      step('VPN > Add', [
        ['Name', 'a'],
        ['A longer label', 'b'],
      ]),
      step('Firewall > Add', [['Action', 'Pass']], 'branch-1'),
    ]);
    expect(content).toBe(
      [
        '# Head',
        '',
        '1. VPN > Add',
        '   Name:           a',
        '   A longer label: b',
        '',
        '2. Firewall > Add, for branch-1',
        '   Action: Pass',
        '',
      ].join('\n'),
    );
  });

  it('puts settings under the headings of the page', () => {
    const groups = [
      { heading: '', settings: [['Name', 'a']] as const },
      { heading: 'Advanced', settings: [['MTU', '1436']] as const },
    ];
    const { content } = writeSettingsList('', [{ page: 'VPN', groups }]);
    expect(content).toBe('\n1. VPN\n   Name: a\n   Advanced\n     MTU:  1436\n');
  });

  it('writes a text that is taken as it is on a line of its own', () => {
    const { content } = writeSettingsList('', [step('VPN', [['Key', { ownLine: '# a: key' }]])]);
    expect(content.split('\n')).toContain('# a: key');
  });

  it('says in its place and as left out what has no value', () => {
    const { content, leftOut } = writeSettingsList('', [
      step('First', [['Name', 'a']]),
      step('Second', [['Address', { missing: 'nobody knows it' }]]),
    ]);
    expect(content).toContain('Address:\n     (none: nobody knows it)\n');
    expect(leftOut).toEqual(['Address in step 2: nobody knows it.']);
  });
});
