import { NOT_A_STRING, testField } from '../validating.ts';

const RFC_1918_RANGES = '10.0.0.0–10.255.255.255, 172.16.0.0–172.31.255.255, 192.168.0.0–192.168.255.255';

const GUIDE_ALLOWS =
  "Cloudflare's guide also allows /30 and 169.254.240.0/20; your administrator can allow it here with INTERFACE_ADDRESS_RULES=guide";

/** What neither rule set takes, and the words and fixes are the same. */
const NEVER_RIGHT = [
  { value: '010.0.0.0/31', says: '"010.0.0.0/31" is not an IPv4 address with', why: 'a leading zero' },
  { value: '0x0a.0.0.0/31', says: '"0x0a.0.0.0/31" is not an IPv4 address with', why: 'hexadecimal' },
  {
    value: '\uff11\uff10.0.0.0/31',
    says: 'character 1 is the full-width “１” (U+FF11): 10.0.0.0/31',
    offers: '10.0.0.0/31',
    why: 'full-width digits',
  },
  {
    value: '10.0.0.0/0\u00331',
    says: 'read as decimal it would be 10.0.0.0/31',
    why: 'a length with a leading zero: its decimal reading is named, and not offered',
  },
  { value: '10.0.0/31', says: '"10.0.0/31" is not an IPv4 address with', why: 'three numbers' },
  {
    value: ' 10.0.0.0/31',
    says: '" 10.0.0.0/31" is not',
    offers: '10.0.0.0/31',
    why: 'a leading space is not trimmed',
  },
  {
    value: '10.0.0.0/31 ',
    says: '"10.0.0.0/31 " is not',
    offers: '10.0.0.0/31',
    why: 'a trailing space is not trimmed',
  },
  {
    value: '10.0.0.0 ',
    says: '"10.0.0.0 " is not',
    offers: '10.0.0.0/31',
    why: 'a trailing space without a length',
  },
  { value: '10.0.0.0 /31', says: '"10.0.0.0 /31" is not', offers: '10.0.0.0/31', why: 'a space inside' },
  { value: '10.0.0.4 / 31', says: 'character 9 is a blank', offers: '10.0.0.4/31', why: 'spaces around the slash' },
  { value: '"10.0.0.4/31"', says: 'is not an IPv4 address', offers: '10.0.0.4/31', why: 'quotation marks' },
  {
    value: '10.0.0.4\u00a0255.255.255.254',
    says: '10.0.0.4⟨U+00A0⟩255.255.255.254 is not in CIDR notation',
    offers: '10.0.0.4/31',
    why: 'a netmask behind a no-break space',
  },
  { value: '10.0.0.0/', says: '"10.0.0.0/" is not', why: 'an empty prefix length' },
  { value: '10.0.0.0/031', says: '"10.0.0.0/031" is not', why: 'a prefix length with a leading zero' },
  { value: '10.0.0.0/+31', says: '"10.0.0.0/+31" is not', why: 'a prefix length with a sign' },
  { value: '10.0.0.0/33', says: '10.0.0.0/33 is too long: IPv4 ends at /32', why: 'an impossible prefix length' },
  { value: '10.0.0.0/31.0', says: '"10.0.0.0/31.0" is not', why: 'a fraction' },
  { value: 'fd00::/127', says: '"fd00::/127" is not an IPv4 address with', why: 'IPv6' },
  { value: '::ffff:10.0.0.0/127', says: 'is not an IPv4 address with', why: 'IPv4-mapped is IPv6' },
  { value: 'tunnel-1', says: '"tunnel-1" is not an IPv4 address with', why: 'a name' },
  { value: '10.0.0.0/255.0.255.0', says: 'is not an IPv4 address with', why: 'a mask with a gap' },
  { value: '10.0.0.0 255.255.255.254 10.0.0.1', says: 'is not an IPv4 address with', why: 'a mask and more' },
  { value: '10.0.0.0 0.0.0.1', says: 'is not an IPv4 address with', why: 'a wildcard mask, which is upside down' },
  {
    value: '10.0.0.0/255.255.255.254',
    says: 'write the prefix length: 10.0.0.0/31',
    offers: '10.0.0.0/31',
    why: 'a netmask instead of a prefix length',
  },
  {
    value: '10.0.0.1 255.255.255.254',
    says: 'write the prefix length: 10.0.0.1/31',
    offers: '10.0.0.1/31',
    why: 'a netmask behind a space, as routers print it',
  },
  { value: '9.255.255.255/31', says: '9.255.255.255 is outside 10.0.0.0–10.255.255.255', why: 'just before 10/8' },
  { value: '11.0.0.0/31', says: '11.0.0.0 is outside', why: 'just after 10/8' },
  { value: '172.15.255.255/31', says: '172.15.255.255 is outside', why: 'just before 172.16/12' },
  { value: '172.32.0.0/31', says: '172.32.0.0 is outside', why: 'just after 172.16/12' },
  { value: '192.167.255.255/31', says: '192.167.255.255 is outside', why: 'just before 192.168/16' },
  { value: '192.169.0.0/31', says: '192.169.0.0 is outside', why: 'just after 192.168/16' },
  { value: '169.254.239.255/31', says: '169.254.239.255 is outside', why: 'just before 169.254.240/20' },
  { value: '169.255.0.0/31', says: '169.255.0.0 is outside', why: 'just after 169.254.240/20' },
  { value: '100.64.0.0/31', says: '100.64.0.0 is outside', why: 'carrier-grade NAT space is not RFC 1918' },
  { value: '8.8.8.8/31', says: '8.8.8.8 is outside', why: 'public' },
  { value: '8.8.8.8', says: '8.8.8.8 is outside', why: 'public and without a length: a length would not help' },
  { value: '8.8.8.8/24', says: '8.8.8.8 is outside', why: 'public and of the wrong length: another would not help' },
  { value: '0.0.0.0/0', says: '0.0.0.0 is outside', why: 'a block around the private ones is not inside them' },
  ...NOT_A_STRING,
];

const SLASH_31S = [
  { value: '10.0.0.0/31', why: 'the first of 10/8' },
  { value: '10.255.255.255/31', why: 'the last of 10/8' },
  { value: '172.16.0.0/31', why: 'the first of 172.16/12' },
  { value: '172.31.255.255/31', why: 'the last of 172.16/12' },
  { value: '192.168.0.0/31', why: 'the first of 192.168/16' },
  { value: '192.168.255.255/31', why: 'the last of 192.168/16' },
  { value: '192.168.10.11/31', why: 'the odd address: both of a /31 are usable (RFC 3021)' },
];

testField('interface_address by the API reference', ['interface_address'], {
  accepts: SLASH_31S,
  rejects: [
    {
      value: undefined,
      says: 'an interface address is required: a private IPv4 address with /31, such as 10.0.0.0/31',
      why: 'absent',
    },
    { value: '', says: 'must be an IPv4 address with /31, such as 10.0.0.0/31', why: 'empty' },
    { value: '10.0.0.0/24', says: 'must be /31: 10.0.0.0/31', offers: '10.0.0.0/31', why: 'too short' },
    {
      value: '10.0.0.5',
      says: 'add the prefix length: 10.0.0.5/31',
      offers: '10.0.0.5/31',
      why: 'no prefix length',
    },
    {
      value: '10.252.3.57/30',
      says: `is a /30; a tunnel interface must be /31. ${GUIDE_ALLOWS}`,
      why: 'a /30: as a /31 its peer .58 would become .56',
    },
    { value: '10.0.0.1/30', says: `must be /31. ${GUIDE_ALLOWS}`, why: 'a /30, which the guide allows' },
    { value: '10.0.0.0/30', says: `must be /31. ${GUIDE_ALLOWS}`, why: 'a /30, whose ends are .1 and .2' },
    { value: '10.0.0.1 255.255.255.252', says: `must be /31. ${GUIDE_ALLOWS}`, why: 'the netmask of a /30' },
    { value: '10.0.0.5/32', says: 'must be /31: 10.0.0.5/31', offers: '10.0.0.5/31', why: 'one bit too long' },
    { value: '10.0.0.5/0', says: 'must be /31', why: 'a host in a longer block: its peer is not written' },
    { value: '10.0.0.1/24', says: 'must be /31', why: 'a host in a subnet: its peer may be .2' },
    {
      value: '10.0.0.0/255.255.255.0',
      says: 'is a /24; a tunnel interface must be /31: 10.0.0.0/31',
      offers: '10.0.0.0/31',
      why: 'a netmask that is too short',
    },
    { value: '10.0.0.9/0.0.0.0', says: 'is a /0; a tunnel', why: 'the shortest netmask' },
    { value: '8.8.8.8/31', says: `8.8.8.8 is outside ${RFC_1918_RANGES}`, why: 'says which ranges are right' },
    { value: '169.254.240.0/31', says: `is outside ${RFC_1918_RANGES}`, why: 'link-local is for the guide’s rules' },
    { value: '169.254.255.255/31', says: '169.254.255.255 is outside', why: 'link-local is for the guide’s rules' },
    { value: '169.254.240.1/30', says: '169.254.240.1 is outside', why: 'an AWS pair is for the guide’s rules' },
    ...['169.254.244.2/30', '169.254.244.2/31', '169.254.244.2', '169.254.244.0/24'].map((value) => ({
      value,
      says: `is outside ${RFC_1918_RANGES}. ${GUIDE_ALLOWS}`,
      why: 'in AWS’s space: says which setting would allow it',
    })),
    ...NEVER_RIGHT,
  ],
});

testField(
  'interface_address by the guide',
  ['interface_address'],
  {
    accepts: [
      ...SLASH_31S,
      { value: '10.0.0.1/30', why: 'the first usable address of a /30' },
      { value: '10.0.0.2/30', why: 'the second usable address of a /30' },
      { value: '192.168.255.254/30', why: 'the last usable address of 192.168/16' },
      { value: '169.254.240.0/31', why: 'the first of the link-local space' },
      { value: '169.254.255.255/31', why: 'the last of the link-local space' },
      { value: '169.254.240.1/30', why: 'an AWS pair, the first of the space' },
      { value: '169.254.255.254/30', why: 'an AWS pair, the last of the space' },
    ],
    rejects: [
      {
        value: undefined,
        says: 'an interface address is required: a private IPv4 address with /31 or /30, such as 10.0.0.0/31',
        why: 'absent',
      },
      { value: '', says: 'must be an IPv4 address with /31 or /30, such as 10.0.0.0/31', why: 'empty' },
      {
        value: '10.0.0.5',
        says: 'add the prefix length, /31 or /30',
        why: 'no prefix length, and either is possible: the peer would be .4 or .6',
      },
      {
        value: '10.0.0.4',
        says: 'add the prefix length: 10.0.0.4/31',
        offers: '10.0.0.4/31',
        why: 'no prefix length, and in a /30 no interface can have it',
      },
      { value: '169.254.244.2', says: 'add the prefix length, /31 or /30', why: 'one end of a /30 in AWS’s space' },
      { value: '169.254.244.0', says: 'add the prefix length, /31 or /30', why: 'in AWS’s space, where pairs are /30' },
      {
        value: '10.0.0.0/30',
        says: 'is the network address of its /30, which no interface can have; the usable ones are 10.0.0.1 and 10.0.0.2',
        why: 'the network address of a /30',
      },
      {
        value: '10.0.0.3/30',
        says: 'is the broadcast address of its /30, which no interface can have; the usable ones are 10.0.0.1 and 10.0.0.2',
        why: 'the broadcast address of a /30',
      },
      {
        value: '169.254.255.255/30',
        says: 'is the broadcast address of its /30',
        why: 'the broadcast address of the last AWS pair',
      },
      { value: '10.0.0.0/29', says: 'must be /31 or /30: 10.0.0.0/31', offers: '10.0.0.0/31', why: 'too short' },
      { value: '10.0.0.5/32', says: 'must be /31 or /30', why: 'too long, and either length is possible' },
      {
        value: '10.0.0.1/255.255.255.252',
        says: 'write the prefix length: 10.0.0.1/30',
        offers: '10.0.0.1/30',
        why: 'the netmask of a /30',
      },
      {
        value: '10.0.0.4 255.255.255.252',
        says: 'is the network address of its /30, which no interface can have; the usable ones are 10.0.0.5 and 10.0.0.6',
        why: 'the network address with the netmask of a /30',
      },
      {
        value: '8.8.8.8/31',
        says: `8.8.8.8 is outside ${RFC_1918_RANGES}, 169.254.240.0–169.254.255.255`,
        why: 'says which ranges are right',
      },
      ...NEVER_RIGHT,
    ],
  },
  { rules: { interfaceAddressRules: 'guide' } },
);
