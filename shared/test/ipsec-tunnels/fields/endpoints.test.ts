import { NOT_A_STRING, testField } from '../validating.ts';

const ADDRESSES = [
  { value: '162.159.64.1', why: 'a public IPv4 address' },
  { value: '0.0.0.0', why: 'the lowest address; that it is unspecified is advice' },
  { value: '255.255.255.255', why: 'the highest address' },
  { value: '10.0.0.1', why: 'that it is private is advice' },
  { value: '127.0.0.1', why: 'that it is loopback is advice' },
  { value: '2606:4700::1', why: 'an IPv6 address' },
  { value: '2606:4700:0:0:0:0:0:1', why: 'IPv6 that is not in its shortest form is not rewritten' },
  { value: '2606:4700::ABCD', why: 'capital letters are not rewritten' },
  { value: '::ffff:192.0.2.1', why: 'an IPv4 tail' },
];

const NO_ADDRESSES = [
  { value: '', says: 'must be an IP address such as', why: 'empty' },
  {
    value: ' 162.159.64.1',
    says: '" 162.159.64.1" is not an IP address',
    offers: '162.159.64.1',
    why: 'a leading space is not trimmed',
  },
  {
    value: '162.159.64.1\n',
    says: 'is not an IP address',
    offers: '162.159.64.1',
    why: 'a trailing line break is not trimmed',
  },
  {
    value: '162.159.64.1\u202c',
    says: 'character 13 is the invisible character U+202C (pop directional formatting): 162.159.64.1',
    offers: '162.159.64.1',
    why: 'a directional character, as chats bring along',
  },
  {
    value: '“2606:4700::1”',
    says: 'character 1 is a curly quotation mark (“, U+201C)',
    offers: '2606:4700::1',
    why: 'curly quotation marks around it',
  },
  { value: '162.159. 64.1', says: 'character 9 is a blank', offers: '162.159.64.1', why: 'a blank inside' },
  { value: '162.159.64 1', says: 'is not an IP address', why: 'a blank for a dot: what was meant is not certain' },
  { value: '162.159.64.0/24', says: 'an endpoint is one address', why: 'a network: which address was meant?' },
  { value: '2606:4700::/32', says: 'an endpoint is one address', why: 'a network: which address was meant?' },
  { value: '010.0.0.1', says: '"010.0.0.1" is not an IP address', why: 'a leading zero' },
  { value: '0x0a.0.0.1', says: '"0x0a.0.0.1" is not an IP address', why: 'hexadecimal' },
  { value: '167772161', says: '"167772161" is not an IP address', why: 'one number' },
  {
    value: '\uff11\uff10.0.0.1',
    says: 'is not an IP address such as 203.0.113.1; character 1 is the full-width “１” (U+FF11)',
    offers: '10.0.0.1',
    why: 'full-width digits',
  },
  {
    value: '010.0.0.09',
    says: 'read as decimal it would be 10.0.0.9, but some systems take a number with a leading zero for octal',
    why: 'leading zeros: the decimal reading is named, and not offered',
  },
  { value: '+10.0.0.1', says: '"+10.0.0.1" is not an IP address', why: 'a sign' },
  { value: '10.0.0', says: '"10.0.0" is not an IP address', why: 'three numbers' },
  { value: '256.0.0.1', says: '"256.0.0.1" is not an IP address', why: 'a number above 255' },
  { value: 'vpn.example.com', says: '"vpn.example.com" is not an IP address', why: 'a host name' },
  { value: '1:2:3:4:5:6:7', says: '"1:2:3:4:5:6:7" is not an IP address', why: 'seven groups' },
  { value: '162.159.64.1:500', says: 'is not an IP address', why: 'a port' },
  { value: '[162.159.64.1]', says: 'is not an IP address', why: 'brackets are for IPv6' },
  {
    value: '162.159.64.1/32',
    says: 'has a prefix length, and an endpoint is one address: 162.159.64.1',
    offers: '162.159.64.1',
    why: 'a prefix length',
  },
  { value: '162.159.64.1/33', says: '"162.159.64.1/33" is not an IP address', why: 'an impossible prefix length' },
  {
    value: '2606:4700::1/64',
    says: 'has a prefix length, and an endpoint is one address: 2606:4700::1',
    offers: '2606:4700::1',
    why: 'a prefix length',
  },
  {
    value: 'fe80::1%eth0',
    says: 'has a zone ID, which cannot be used here: fe80::1',
    offers: 'fe80::1',
    why: 'a zone ID',
  },
  { value: '10.0.0.1%eth0', says: 'has a zone ID', why: 'a zone ID on IPv4, which has none: what is meant is unclear' },
  { value: 'fe80::x%eth0', says: 'has a zone ID', why: 'a zone ID on what is no address' },
  {
    value: '[2606:4700::1]',
    says: '"[2606:4700::1]" is not an IP address such as 203.0.113.1: 2606:4700::1',
    offers: '2606:4700::1',
    why: 'brackets, as in a URL',
  },
  {
    value: '[fe80::1%25eth0]',
    says: 'has a zone ID, which cannot be used here: fe80::1',
    offers: 'fe80::1',
    why: 'brackets and a zone ID, as in a URL',
  },
  ...NOT_A_STRING,
];

testField('cloudflare_endpoint', ['cloudflare_endpoint'], {
  accepts: ADDRESSES,
  rejects: [
    { value: undefined, says: 'a Cloudflare endpoint is required: one of the two anycast addresses', why: 'absent' },
    ...NO_ADDRESSES,
  ],
});

testField('customer_endpoint', ['customer_endpoint'], { accepts: ADDRESSES, rejects: NO_ADDRESSES });
