import { expect, it } from 'vitest';
import { routerSettingsSchema } from '../../src/routers/settings.ts';
import { settingsFor } from './inputs.ts';

const SETTINGS = settingsFor('linux');

it.each(['eth0', 'GigabitEthernet0/0/1', 'ge-0/0/0.0', 'ppp0', 'eth0:1', 'Port1'])('an uplink may be %s', (uplink) => {
  expect(routerSettingsSchema.safeParse({ ...SETTINGS, uplink }).success).toBe(true);
});

const REFUSED: readonly (readonly [object, string])[] = [
  [{ uplink: '' }, 'an empty name'],
  [{ uplink: 'eth0 ' }, 'a blank ends a word'],
  [{ uplink: 'eth0\nreboot' }, 'a line break begins a command'],
  [{ uplink: 'eth0;reboot' }, 'a semicolon ends a command'],
  [{ uplink: '$(reboot)' }, 'a shell runs it'],
  [{ uplink: '-eth0' }, 'it looks like an option'],
  [{ uplink: 'e'.repeat(33) }, 'longer than any interface name'],
  [{ lanPrefixes: ['192.168.1.1/24'] }, 'host bits'],
  [{ lanPrefixes: ['2001:db8::/32'] }, 'IPv6'],
  [{ lanPrefixes: ['10.0.0.0/8\nx'] }, 'a line break'],
  [{ remotePrefixes: Array(101).fill('10.0.0.0/8') }, 'more than anybody types'],
  [{ localAddress: '192.168.1.2/24' }, 'a prefix is no address'],
  [{ pairedWith: 'x' }, 'no ID of a tunnel'],
  [{ psk: 'x' }, 'a key is no setting'],
];

it.each(REFUSED)('settings with %j are refused: %s', (changes, _why) => {
  expect(routerSettingsSchema.safeParse({ ...SETTINGS, ...changes }).success).toBe(false);
});
