import { expect, it } from 'vitest';
import { guessRouterKind } from '../../src/routers/kinds.ts';

it.each([
  ['Debian box in Lisbon', 'linux'],
  ['strongSwan 5.9', 'linux'],
  ['VyOS 1.5, rack 3', 'vyos'],
  ['CISCO ISR 4451', 'ios-xe'],
  ['c8300 Berlin', 'ios-xe'],
  ['FortiGate 60F', 'fortigate'],
  ['pfSense', 'pfsense'],
  ['SRX345', 'srx'],
  ['Palo Alto PA-440', 'palo-alto'],
  ['UDM Pro', 'unifi'],
  ['AWS tgw-0123', 'aws'],
  ['azure hub', 'azure'],
  ['AWS, later Azure', undefined],
  ['laws and sunflowers', undefined],
  ['', undefined],
  [undefined, undefined],
])('a description %j is of a router of kind %s', (description, kind) => {
  expect(guessRouterKind(description)).toBe(kind);
});
