import { NOT_A_STRING, testField } from '../validating.ts';

/** What is wrong whatever the account's virtual_subnet6 is; the addresses that can be fixed are in 2001:db8:1::/64. */
const NEVER_RIGHT = [
  { value: '', says: 'must be an IPv6 address with /127, such as 2001:db8::2/127', why: 'empty' },
  { value: '10.0.0.0/31', says: '"10.0.0.0/31" is not an IPv6 address with /127', why: 'IPv4' },
  { value: '10.0.0.0/127', says: '"10.0.0.0/127" is not an IPv6 address with /127', why: 'IPv4 with the right length' },
  { value: 'fe80::%eth0/127', says: 'is not an IPv6 address with /127', why: 'a zone ID' },
  { value: '2001:db8:1::2/0127', says: 'is not an IPv6 address with /127', why: 'a length with a leading zero' },
  {
    value: '2001:db8:1::2/129',
    says: 'is too long: IPv6 ends at /128; an IPv6 tunnel interface must be /127',
    why: 'an impossible prefix length',
  },
  {
    value: ' 2001:db8:1::2/127',
    says: 'is not an IPv6 address with /127',
    offers: '2001:db8:1::2/127',
    why: 'a leading space is not trimmed',
  },
  {
    value: '2001:db8:1::2/127\n',
    says: 'is not an IPv6 address with /127',
    offers: '2001:db8:1::2/127',
    why: 'a line break is not trimmed',
  },
  { value: '2001:db8:1:2/127', says: 'is not an IPv6 address with /127', why: 'four groups' },
  {
    value: '2001:db8:1::2',
    says: 'add the prefix length: 2001:db8:1::2/127',
    offers: '2001:db8:1::2/127',
    why: 'no prefix length',
  },
  {
    value: '2001:db8:1::3',
    says: 'is the second address of its /127; it must be the first, 2001:db8:1::2',
    why: 'no prefix length, and the second address',
  },
  {
    value: '2001:db8:1::3/127',
    says: "is the second address of its /127; it must be the first, 2001:db8:1::2, which is Cloudflare's side",
    why: 'the last bit is 1: the first instead would exchange the ends',
  },
  {
    value: '2001:db8:1::2/126',
    says: 'is a /126; an IPv6 tunnel interface must be /127',
    why: 'one bit too short: the other end may be ::1',
  },
  {
    value: '2001:db8:1::2/128',
    says: 'is a /128; an IPv6 tunnel interface must be /127: 2001:db8:1::2/127',
    offers: '2001:db8:1::2/127',
    why: 'one bit too long',
  },
  {
    value: '2001:db8:1::5/64',
    says: 'must be /127',
    why: 'a host in a subnet: its peer is not written',
  },
  ...NOT_A_STRING,
];

testField('interface_address6 where virtual_subnet6 is unknown', ['interface_address6'], {
  accepts: [
    { value: '2001:db8::2/127', why: 'the first address of a /127' },
    { value: '2001:DB8:0:0:0:0:0:2/127', why: 'other spellings are not rewritten' },
    { value: '::/127', why: 'any IPv6 prefix' },
    { value: 'fd00::ffff:ffff:ffff:fffe/127', why: 'any even address' },
    { value: '2001:db8::192.0.2.2/127', why: 'an IPv4 tail' },
  ],
  rejects: [
    {
      value: '2001:db8:1:8::/64',
      says: 'must be /127: 2001:db8:1:8::/127',
      offers: '2001:db8:1:8::/127',
      why: 'a whole subnet',
    },
    ...NEVER_RIGHT,
  ],
});

testField(
  'interface_address6 in a virtual_subnet6 of 2001:db8:1::/64',
  ['interface_address6'],
  {
    accepts: [
      { value: '2001:db8:1::2/127', why: 'the first /127 behind the subnet’s own address' },
      { value: '2001:db8:1:0:ffff:ffff:ffff:fffe/127', why: 'the last /127 inside' },
    ],
    rejects: [
      {
        value: '2001:db8:0:ffff:ffff:ffff:ffff:fffe/127',
        says: "is outside the account's virtual_subnet6, 2001:db8:1::/64",
        why: 'the last /127 before it',
      },
      {
        value: '2001:db8:1:1::/127',
        says: "2001:db8:1:1:: is outside the account's virtual_subnet6, 2001:db8:1::/64",
        why: 'the first /127 behind it',
      },
      { value: '2001:db8:2::2', says: 'is outside', why: 'outside without a length: a length would not help' },
      { value: '2001:db8:2::3/64', says: 'is outside', why: 'outside with a wrong length: another would not help' },
      { value: '2001:db8::/32', says: 'is outside', why: 'a block around the subnet is not inside it' },
      {
        value: '2001:db8:1::/127',
        says: "2001:db8:1:: is the address of the account's virtual_subnet6 itself; choose another one in 2001:db8:1::/64",
        why: 'the subnet’s own address',
      },
      {
        value: '2001:db8:1:0::0/127',
        says: 'virtual_subnet6 itself',
        why: 'the subnet’s own address, spelled otherwise',
      },
      { value: '2001:db8:1::1/127', says: 'virtual_subnet6 itself', why: 'the first of its /127 is the subnet’s own' },
      { value: '2001:db8:1::', says: 'virtual_subnet6 itself', why: 'the subnet’s own address without a length' },
      { value: '2001:db8:1::/64', says: 'virtual_subnet6 itself', why: 'the subnet itself' },
      ...NEVER_RIGHT,
    ],
  },
  { rules: { virtualSubnet6: '2001:db8:1::/64' } },
);

testField(
  'interface_address6 in a virtual_subnet6 of 2001:db8:1::/126, the smallest that has room',
  ['interface_address6'],
  {
    accepts: [{ value: '2001:db8:1::2/127', why: 'the one /127 that is left' }],
    rejects: [
      { value: '2001:db8:1::/127', says: 'virtual_subnet6 itself', why: 'the subnet’s own address' },
      { value: '2001:db8:1::4/127', says: 'is outside', why: 'the next /127' },
    ],
  },
  { rules: { virtualSubnet6: '2001:db8:1::/126' } },
);
