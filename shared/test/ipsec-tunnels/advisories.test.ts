import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ADVISORY_RULES,
  type Advisory,
  type AdvisoryContext,
  adviseOn,
  adviseOnField,
  fieldsAdvisedBy,
} from '../../src/ipsec-tunnels/advisories.ts';
import { indexTunnels, type KnownTunnel, type Neighbour } from '../../src/ipsec-tunnels/conflicts.ts';
import { ACCOUNT_ID, FULL_REQUEST, issuesOf, type Path, put } from './validating.ts';

const IDENTITY = `branch-1.${ACCOUNT_ID}.custom.ipsec.cloudflare.com`;

/** A request that follows all advice. */
const IMPECCABLE = {
  name: 'branch-1',
  cloudflare_endpoint: '162.159.64.1',
  interface_address: '10.0.0.0/31',
  customer_endpoint: '8.8.8.8',
  psk: 'sixteen-letters-',
  custom_remote_identities: { fqdn_id: IDENTITY },
  health_check: { type: 'request', direction: 'unidirectional' },
  bgp: { customer_asn: 65001 },
};

/** A tunnel that has nothing in common with the impeccable request. */
const OTHER_TUNNEL: KnownTunnel = {
  name: 'branch-2',
  cloudflare_endpoint: '162.159.64.2',
  interface_address: '10.0.0.2/31',
  custom_remote_identities: { fqdn_id: `branch-2.${ACCOUNT_ID}.custom.ipsec.cloudflare.com` },
  bgp: { customer_asn: 65002 },
};

/** What is advised when the one field of the impeccable request is this. */
function adviceOn(path: Path, value: unknown, otherTunnels: readonly KnownTunnel[] = [OTHER_TUNNEL]): Advisory[] {
  return adviseOn(asDraft(put(IMPECCABLE, path, value)), contextOf(otherTunnels));
}

/** Under the guide's rules, so that no advised value is rejected. */
function contextOf(otherTunnels: readonly KnownTunnel[], rest: Partial<AdvisoryContext> = {}): AdvisoryContext {
  return { otherTunnels: indexTunnels(otherTunnels), interfaceAddressRules: 'guide', ...rest };
}

function asDraft(request: unknown): object {
  return typeof request === 'object' && request !== null ? request : {};
}

interface Advised {
  readonly value: unknown;
  readonly why: string;
  /** A part of each message, in order. */
  readonly says: readonly string[];
}

interface Unadvised {
  readonly value: unknown;
  readonly why: string;
}

/** Tests every row: one advised value has the messages of its row and no other, and never keeps a request from passing. */
function testAdvice(path: Path, { advised, quiet }: { advised: readonly Advised[]; quiet: readonly Unadvised[] }) {
  describe(`advice on ${path.join('.')}`, () => {
    it.each(advised)('is given for $value: $why', ({ value, says }) => {
      const advice = adviceOn(path, value);
      expect(advice.map((advisory) => advisory.path)).toEqual(says.map(() => path));
      expect(advice.map(({ message }) => message)).toEqual(says.map((part) => expect.stringContaining(part)));
    });

    it.each(advised)('does not block $value: $why', ({ value }) => {
      expect(issuesOf(put(IMPECCABLE, path, value), { interfaceAddressRules: 'guide' })).toEqual([]);
    });

    it.each(quiet)('is not given for $value: $why', ({ value }) => {
      expect(adviceOn(path, value)).toEqual([]);
    });
  });
}

it('has nothing to say of a request that follows all advice', () => {
  expect(adviseOn(IMPECCABLE, contextOf([OTHER_TUNNEL]))).toEqual([]);
  expect(issuesOf(IMPECCABLE)).toEqual([]);
});

const SPECIAL = "Cloudflare's guide asks for a name without spaces or special characters";
const OVERRIDE = 'Character 4 is the invisible character U+202E (right-to-left override).';

testAdvice(['name'], {
  advised: [
    { value: 'branch 1', says: [SPECIAL], why: 'a space' },
    { value: ' branch', says: [SPECIAL], why: 'a space in front' },
    { value: 'branch/1', says: [SPECIAL], why: 'a slash' },
    { value: 'zürich', says: [SPECIAL], why: 'a letter outside ASCII' },
    { value: 'branch\n', says: [SPECIAL], why: 'a line break' },
    { value: 'bra\u202ench', says: [OVERRIDE], why: 'a character that turns the text around' },
    { value: 'branch\u200b-1', says: ['U+200B (zero-width space)'], why: 'a character that nobody sees' },
    {
      value: '\u200b\u2060\u00adbranch\u200d\ufeff',
      says: ['U+00AD (soft hyphen). 2 more are invisible too.'],
      why: 'more of them than are named',
    },
  ],
  quiet: [
    { value: 'x'.repeat(100), why: 'only GRE tunnels have names of at most 15 characters' },
    { value: 'Az09-_.', why: 'letters, digits and the three marks the guide allows' },
    { value: undefined, why: 'that it is missing is an error' },
    { value: '', why: 'that it is empty is an error' },
    { value: '  ', why: 'that it is only white space is an error' },
    { value: 5, why: 'that it is no text is an error' },
  ],
});

describe('advice on a name that another tunnel has', () => {
  it('is given, for Cloudflare would refuse it', () => {
    expect(adviceOn(['name'], OTHER_TUNNEL.name)).toEqual([
      {
        path: ['name'],
        message: 'This account already has a tunnel named branch-2. Cloudflare refuses a second one.',
        severity: 'conflict',
      },
    ]);
  });

  it('is given whichever of the tunnels has it', () => {
    const others = ['a', 'branch-2', 'c'].map((name) => ({ ...OTHER_TUNNEL, name }));
    expect(adviceOn(['name'], 'branch-2', others)).toHaveLength(1);
  });

  it.each([
    { name: 'Branch-2', why: 'capitals' },
    { name: 'branch-\u200b2', why: 'a character that nobody sees' },
    { name: 'branch-２', why: 'a look-alike (Unicode NFKC)' },
  ])('is milder for $name, which is only easily mistaken for it: $why', ({ name }) => {
    const [first] = adviceOn(['name'], name);
    expect(first).toMatchObject({ severity: 'risk', message: expect.stringContaining('another tunnel: branch-2.') });
  });
});

it('writes out the invisible characters of the names it repeats', () => {
  const hidden = { ...OTHER_TUNNEL, name: 'branch\u202e-2' };
  expect(adviceOn(['name'], 'branch-2', [hidden])[0]?.message).toContain('another tunnel: branch⟨U+202E⟩-2.');
  expect(adviceOn(['name'], hidden.name, [hidden])[0]?.message).toContain('a tunnel named branch⟨U+202E⟩-2.');
  expect(adviceOn(['interface_address'], '10.0.0.2/31', [hidden])[0]?.message).toContain('branch⟨U+202E⟩-2.');
});

describe('the fix for a name', () => {
  it.each([
    { name: 'branch 1', fix: 'branch-1', why: 'a blank' },
    { name: ' branch  \u00a01\n', fix: 'branch-1', why: 'blanks of every kind' },
    { name: 'branch\u202e-1', fix: 'branch-1', why: 'a character that nobody sees' },
    { name: 'branch-１', fix: 'branch-1', why: 'a full-width digit' },
    { name: 'branch/1', fix: undefined, why: 'what to write for a slash is a choice' },
    { name: 'branch 2', fix: undefined, why: 'another tunnel has that name' },
    { name: 'Branch 2', fix: undefined, why: 'another tunnel has nearly that name' },
  ])('for $name is $fix: $why', ({ name, fix }) => {
    expect(adviceOn(['name'], name).map(({ suggestion }) => suggestion)).toContain(fix);
    expect(adviceOn(['name'], fix ?? 'branch-1')).toEqual([]);
  });
});

it('notes that a description is long', () => {
  expect(adviceOn(['description'], 'x'.repeat(1024))).toEqual([]);
  expect(adviceOn(['description'], 'x'.repeat(1025))).toMatchObject([
    { severity: 'note', message: expect.stringContaining('1,025 characters long. Good practice: at most 1,024') },
  ]);
});

it('names a character of the description that shows it in another order', () => {
  expect(adviceOn(['description'], 'to \u202emadretsmA')).toMatchObject([
    { message: expect.stringContaining('Character 4 is the invisible character U+202E (right-to-left override).') },
  ]);
  expect(adviceOn(['description'], 'two\nlines, and a family 👨‍👩‍👧')).toEqual([]);
});

const NOT_ANYCAST = "address. Cloudflare's guide asks for one of the two anycast addresses assigned to your account.";

testAdvice(['cloudflare_endpoint'], {
  advised: [
    ...edges('a private', '10.0.0.0', '10.255.255.255'),
    ...edges('a private', '172.16.0.0', '172.31.255.255'),
    ...edges('a private', '192.168.0.0', '192.168.255.255'),
    ...edges('a private', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
    ...edges('a loopback', '127.0.0.0', '127.255.255.255'),
    ...edges('a loopback', '::1', '::1'),
    ...edges('a link-local', '169.254.0.0', '169.254.255.255'),
    ...edges('a link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
    ...edges('a multicast', '224.0.0.0', '239.255.255.255'),
    ...edges('a multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
    ...edges('an unspecified', '0.0.0.0', '0.0.0.0'),
    ...edges('an unspecified', '::', '::'),
  ].map(({ value, kind, why }) => ({ value, why, says: [`This is ${kind} ${NOT_ANYCAST}`] })),
  quiet: [
    ...between('9.255.255.255', '11.0.0.0', 'private space'),
    ...between('172.15.255.255', '172.32.0.0', 'private space'),
    ...between('192.167.255.255', '192.169.0.0', 'private space'),
    ...between('fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe00::', 'private space'),
    ...between('126.255.255.255', '128.0.0.0', 'loopback'),
    { value: '::2', why: 'just outside loopback' },
    ...between('169.253.255.255', '169.255.0.0', 'link-local space'),
    ...between('fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fec0::', 'link-local space'),
    ...between('223.255.255.255', '240.0.0.0', 'multicast'),
    { value: 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', why: 'just outside multicast' },
    { value: '0.0.0.1', why: 'just outside the unspecified address' },
    { value: '203.0.113.1', why: 'Cloudflare’s own examples use documentation addresses' },
    { value: undefined, why: 'that it is missing is an error' },
    { value: '10.0.0.1/32', why: 'that it is no address is an error' },
    { value: 167772161, why: 'that it is no text is an error' },
  ],
});

function edges(kind: string, first: string, last: string) {
  const lowest = { value: first, kind, why: `${kind} address, the first` };
  return first === last ? [lowest] : [lowest, { value: last, kind, why: `${kind} address, the last` }];
}

function between(before: string, behind: string, what: string) {
  return [
    { value: before, why: `just before ${what}` },
    { value: behind, why: `just behind ${what}` },
  ];
}

const NOT_ROUTABLE = "address, which is not publicly routable. Good practice: your router's public address.";

testAdvice(['customer_endpoint'], {
  advised: [
    {
      value: undefined,
      says: [
        "Without it proactive traceroutes will not work (Cloudflare's API reference), and routers whose IKE ID is of type ID_IPV4_ADDR need it (Cloudflare's guide).",
      ],
      why: 'missing',
    },
    ...[
      ...edges('a private', '10.0.0.0', '10.255.255.255'),
      ...edges('a private', '172.16.0.0', '172.31.255.255'),
      ...edges('a private', '192.168.0.0', '192.168.255.255'),
      ...edges('a private', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
      ...edges('a loopback', '127.0.0.0', '127.255.255.255'),
      ...edges('a loopback', '::1', '::1'),
      ...edges('a link-local', '169.254.0.0', '169.254.255.255'),
      ...edges('a link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
      ...edges('a multicast', '224.0.0.0', '239.255.255.255'),
      ...edges('a multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
      ...edges('an unspecified', '0.0.0.0', '0.0.0.0'),
      ...edges('an unspecified', '::', '::'),
      ...edges('a “this network”', '0.0.0.1', '0.255.255.255'),
      ...edges('a carrier-grade NAT', '100.64.0.0', '100.127.255.255'),
      ...edges('a protocol-assignment', '192.0.0.0', '192.0.0.255'),
      ...edges('a documentation', '192.0.2.0', '192.0.2.255'),
      ...edges('a documentation', '198.51.100.0', '198.51.100.255'),
      ...edges('a documentation', '203.0.113.0', '203.0.113.255'),
      ...edges('a documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'),
      ...edges('a documentation', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'),
      ...edges('a benchmarking', '198.18.0.0', '198.19.255.255'),
      ...edges('a benchmarking', '2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'),
      ...edges('a reserved', '240.0.0.0', '255.255.255.255'),
      ...edges('an IPv4-mapped', '::ffff:0.0.0.0', '::ffff:255.255.255.255'),
      ...edges('a discard-only', '100::', '100::ffff:ffff:ffff:ffff'),
    ].map(({ value, kind, why }) => ({ value, why, says: [`This is ${kind} ${NOT_ROUTABLE}`] })),
  ],
  quiet: [
    { value: '1.1.1.1', why: 'a public address' },
    { value: '2606:4700::1111', why: 'a public IPv6 address' },
    ...between('9.255.255.255', '11.0.0.0', 'private space'),
    ...between('172.15.255.255', '172.32.0.0', 'private space'),
    ...between('192.167.255.255', '192.169.0.0', 'private space'),
    ...between('126.255.255.255', '128.0.0.0', 'loopback'),
    ...between('169.253.255.255', '169.255.0.0', 'link-local space'),
    ...between('100.63.255.255', '100.128.0.0', 'carrier-grade NAT'),
    ...between('191.255.255.255', '192.0.1.0', 'protocol assignments'),
    ...between('192.0.1.255', '192.0.3.0', 'documentation space'),
    ...between('198.51.99.255', '198.51.101.0', 'documentation space'),
    ...between('203.0.112.255', '203.0.114.0', 'documentation space'),
    ...between('2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::', 'documentation space'),
    ...between('3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '3fff:1000::', 'documentation space'),
    ...between('198.17.255.255', '198.20.0.0', 'benchmarking space'),
    { value: '1.0.0.0', why: 'just behind “this network”' },
    { value: '223.255.255.255', why: 'just before multicast' },
    { value: '', why: 'that it is empty is an error' },
    { value: null, why: 'that it is null is an error' },
  ],
});

const SLASH_30 = "A /30 is allowed by Cloudflare's guide, but not by its API reference, which asks for a /31.";
const LINK_LOCAL = "169.254.240.0/20 is allowed by Cloudflare's guide, but not by its API reference.";
const NO_AZURE_BGP = "Cloudflare's guide: Azure starts no BGP session";
const OVERLAP = 'This overlaps 10.0.0.2/31 of the tunnel branch-2. Good practice: one subnet per tunnel.';

testAdvice(['interface_address'], {
  advised: [
    { value: '10.0.0.2/31', says: [OVERLAP], why: 'the same address as another tunnel' },
    { value: '10.0.0.3/31', says: [OVERLAP], why: 'the other side of another tunnel' },
    { value: '10.0.0.1/30', says: [OVERLAP, SLASH_30], why: 'a /30 around another tunnel’s /31' },
    { value: '10.0.0.5/30', says: [SLASH_30], why: 'a /30' },
    { value: '169.254.240.0/31', says: [LINK_LOCAL, NO_AZURE_BGP], why: 'the first of the link-local space' },
    { value: '169.254.255.255/31', says: [LINK_LOCAL, NO_AZURE_BGP], why: 'the last of the link-local space' },
    { value: '169.254.240.1/30', says: [SLASH_30, LINK_LOCAL, NO_AZURE_BGP], why: 'an AWS pair' },
  ],
  quiet: [
    { value: '10.0.0.1/31', why: 'the /31 before another tunnel’s' },
    { value: '10.0.0.4/31', why: 'the /31 behind another tunnel’s' },
    { value: undefined, why: 'that it is missing is an error' },
    { value: '10.0.0.2', why: 'without a prefix length there is no subnet yet' },
    { value: '10.0.0.2/31 ', why: 'that it is not in CIDR is an error' },
    { value: '::/0', why: 'that it is IPv6 is an error, and IPv6 overlaps no IPv4' },
    { value: 5, why: 'that it is no text is an error' },
  ],
});

describe('advice on overlapping subnets', () => {
  it('names every tunnel that is overlapped', () => {
    const other = { ...OTHER_TUNNEL, name: 'branch-3', interface_address: '10.0.0.5/30' };
    const advice = adviceOn(['interface_address'], '10.0.0.3/29', [OTHER_TUNNEL, other]);
    expect(advice.map(({ message }) => message)).toEqual([
      OVERLAP,
      'This overlaps 10.0.0.5/30 of the tunnel branch-3. Good practice: one subnet per tunnel.',
    ]);
  });

  it('names three of very many, and how many more there are', () => {
    const others = Array.from({ length: 5000 }, (_, index) => ({ ...OTHER_TUNNEL, name: `branch-${index + 2}` }));
    expect(adviceOn(['interface_address'], '10.0.0.2/31', others).map(({ message }) => message)).toEqual([
      OVERLAP,
      expect.stringContaining('branch-3'),
      expect.stringContaining('branch-4'),
      'This overlaps 4,997 more.',
    ]);
  });

  it('is given on IPv6 interface addresses too, however they are spelled', () => {
    const other = { ...OTHER_TUNNEL, interface_address6: '2001:DB8:0::2/127' };
    expect(adviceOn(['interface_address6'], '2001:db8::2/127', [other]).map(({ message }) => message)).toEqual([
      'This overlaps 2001:DB8:0::2/127 of the tunnel branch-2. Good practice: one subnet per tunnel.',
    ]);
    expect(adviceOn(['interface_address6'], '2001:db8::4/127', [other])).toEqual([]);
  });

  it('passes over a tunnel whose own address cannot be read', () => {
    const other = { ...OTHER_TUNNEL, interface_address: 'unknown' };
    expect(adviceOn(['interface_address'], '10.0.0.2/31', [other])).toEqual([]);
  });
});

describe('advice on GRE tunnels and interconnects, which share names and subnets with IPsec tunnels', () => {
  const gre: Neighbour = { kind: 'gre', name: 'gre-lab-1', interface_address: '10.8.0.0/31' };
  const interconnect: Neighbour = { kind: 'interconnect', name: 'cni-ams', interface_address: '10.8.0.2/31' };

  it.each([
    {
      path: ['name'],
      value: 'gre-lab-1',
      severity: 'conflict',
      message:
        'This account already has a GRE tunnel named gre-lab-1. Cloudflare refuses the same name for tunnels of any kind.',
    },
    {
      path: ['name'],
      value: 'cni-ams',
      severity: 'conflict',
      message:
        'This account already has an interconnect named cni-ams. Cloudflare refuses the same name for tunnels of any kind.',
    },
    {
      path: ['name'],
      value: 'GRE-lab-1',
      severity: 'risk',
      message:
        'This is easily mistaken for the name of another tunnel: the GRE tunnel gre-lab-1. Good practice: distinct names.',
    },
    {
      path: ['interface_address'],
      value: '10.8.0.1/31',
      severity: 'risk',
      message: 'This overlaps 10.8.0.0/31 of the GRE tunnel gre-lab-1. Good practice: one subnet per tunnel.',
    },
    {
      path: ['interface_address'],
      value: '10.8.0.3/31',
      severity: 'risk',
      message: 'This overlaps 10.8.0.2/31 of the interconnect cni-ams. Good practice: one subnet per tunnel.',
    },
  ])('says what the other one is: $path $value', ({ path, value, ...advisory }) => {
    const context = contextOf([], { otherTunnels: indexTunnels([OTHER_TUNNEL], [gre, interconnect]) });
    expect(adviseOn(asDraft(put(IMPECCABLE, path, value)), context)).toEqual([
      { path, ...advisory, suggestion: undefined },
    ]);
  });
});

describe('advice on what only the guide allows', () => {
  it.each(['10.0.0.5/30', '169.254.240.0/31'])('is not given on %s where it is rejected', (interface_address) => {
    const request = { ...IMPECCABLE, interface_address, bgp: undefined };
    const context = contextOf([], { interfaceAddressRules: 'reference' });
    expect(adviseOnField('interface_address', request, context)).toEqual([]);
    expect(adviseOnField('interface_address', request, contextOf([]))).toMatchObject([{ severity: 'note' }]);
  });
});

describe('advice on a pair of endpoints', () => {
  const pair = { cloudflare_endpoint: '162.159.64.1', customer_endpoint: '8.8.8.8' };
  const advice = (endpoints: object, others: readonly KnownTunnel[] = []) =>
    adviseOnField('customer_endpoint', { ...IMPECCABLE, ...endpoints }, contextOf(others)).map(
      ({ message }) => message,
    );

  it('is given when another tunnel has it', () => {
    expect(advice(pair, [{ ...OTHER_TUNNEL, ...pair }])).toEqual([
      "branch-2 has the same pair of endpoints. Cloudflare's guide: an IKE ID of type ID_IPV4_ADDR can't tell them apart.",
    ]);
  });

  it('compares addresses, not texts', () => {
    const spelled = { cloudflare_endpoint: '2606:4700:0:0::1', customer_endpoint: '2606:4700::00FF' };
    const other = { ...OTHER_TUNNEL, cloudflare_endpoint: '2606:4700::1', customer_endpoint: '2606:4700::ff' };
    expect(advice(spelled, [other])).toHaveLength(1);
  });

  it('is not given when only one of the two is the same', () => {
    expect(advice(pair, [{ ...OTHER_TUNNEL, ...pair, cloudflare_endpoint: '162.159.64.2' }])).toEqual([]);
    expect(advice(pair, [{ ...OTHER_TUNNEL, ...pair, customer_endpoint: '8.8.4.4' }])).toEqual([]);
    expect(advice(pair, [{ ...OTHER_TUNNEL, cloudflare_endpoint: '162.159.64.1' }])).toEqual([]);
  });

  it('is given when both are the same address', () => {
    expect(advice({ cloudflare_endpoint: '2606:4700::1', customer_endpoint: '2606:4700:0::1' })).toEqual([
      'This is the Cloudflare endpoint too. The customer endpoint is the address of your own router.',
    ]);
  });
});

const NO_KEY = "Cloudflare's guide: the tunnel carries no traffic until a pre-shared key is generated or set.";
const SHORT_KEY = 'Good practice asks for 16 characters or more; this has';
const QUOTED_KEY = 'This begins or ends with a quotation mark';
const PADDED_KEY = 'This begins or ends with white space.';

testAdvice(['psk'], {
  advised: [
    { value: undefined, says: [NO_KEY], why: 'missing' },
    { value: 'x', says: [`${SHORT_KEY} 1.`], why: 'one character' },
    { value: 'fifteen-letters', says: [`${SHORT_KEY} 15.`], why: '15 characters' },
    {
      value: '🔑'.repeat(15),
      says: [`${SHORT_KEY} 15.`, 'beyond ASCII'],
      why: 'characters, not UTF-16 units, are counted',
    },
    { value: 'sechzehn-zeichen-ä', says: ['characters beyond ASCII'], why: 'a letter with a dot' },
    { value: ' sixteen-letters-', says: [PADDED_KEY], why: 'a space in front' },
    { value: 'sixteen-letters-\n', says: [PADDED_KEY], why: 'a line break at the end' },
    { value: ' short ', says: [`${SHORT_KEY} 7.`, PADDED_KEY], why: 'short and padded' },
    { value: ' ', says: [`${SHORT_KEY} 1.`, PADDED_KEY], why: 'nothing but a space' },
    { value: '"sixteen-letters-', says: [QUOTED_KEY], why: 'a quotation mark in front' },
    { value: "sixteen-letters-'", says: [QUOTED_KEY], why: 'a quotation mark at the end' },
    { value: '“sixteen-letters-”', says: [QUOTED_KEY, 'beyond ASCII'], why: 'curly quotation marks' },
    { value: ' "sixteen-letters-" ', says: [PADDED_KEY, QUOTED_KEY], why: 'quotation marks inside white space' },
    { value: 'sixteen\\letters-', says: ['a backslash'], why: 'a backslash' },
  ],
  quiet: [
    { value: 'sixteen-letters-', why: '16 characters' },
    { value: 'sixteen letters and spaces', why: 'spaces inside' },
    { value: `sixteen "letters" and 'more'.`, why: 'quotation marks inside' },
    { value: '', why: 'that it is empty is an error' },
    { value: null, why: 'that it is null is an error' },
  ],
});

testAdvice(['replay_protection'], {
  advised: [
    {
      value: true,
      says: [
        'only for devices that cannot turn it off: Cisco Meraki, VeloCloud, AWS, Azure and Google VPN gateways, pfSense.',
      ],
      why: 'on',
    },
  ],
  quiet: [
    { value: false, why: 'off' },
    { value: undefined, why: 'off unless it is asked for' },
    { value: 'true', why: 'that it is no boolean is an error' },
  ],
});

testAdvice(['automatic_return_routing'], {
  advised: [{ value: true, says: ['unless your account has the coupler_integration flag'], why: 'on' }],
  quiet: [
    { value: false, why: 'off' },
    { value: undefined, why: 'off unless it is asked for' },
    { value: 'true', why: 'that it is no boolean is an error' },
  ],
});

describe('advice on custom_remote_identities.fqdn_id', () => {
  const path = ['custom_remote_identities', 'fqdn_id'];
  const twin = { ...OTHER_TUNNEL, custom_remote_identities: { fqdn_id: IDENTITY } };

  it('is given when another tunnel has it on the same Cloudflare endpoint', () => {
    const other = { ...twin, cloudflare_endpoint: IMPECCABLE.cloudflare_endpoint };
    expect(adviceOn(path, IDENTITY, [OTHER_TUNNEL, other])).toEqual([
      {
        path,
        severity: 'conflict',
        message:
          "The tunnel branch-2 has this identity on the same Cloudflare endpoint. Cloudflare's API reference: two tunnels cannot share both.",
      },
    ]);
  });

  it('compares the endpoints as addresses, not as texts', () => {
    const other = { ...twin, cloudflare_endpoint: '2606:4700:0::1' };
    const request = { ...IMPECCABLE, cloudflare_endpoint: '2606:4700::1' };
    expect(adviseOnField('custom_remote_identities.fqdn_id', request, contextOf([other]))).toHaveLength(1);
  });

  it('is given on a numeric account ID', () => {
    expect(adviceOn(path, 'branch-1.1234567.custom.ipsec.cloudflare.com')).toMatchObject([
      { severity: 'risk', message: 'This contains a numeric account ID: check it against the dashboard.' },
    ]);
  });

  it('is not given when another tunnel has it on another endpoint', () => {
    expect(adviceOn(path, IDENTITY, [twin])).toEqual([]);
  });

  it('is not given when another tunnel shares only the endpoint', () => {
    const other = { ...OTHER_TUNNEL, cloudflare_endpoint: IMPECCABLE.cloudflare_endpoint };
    expect(adviceOn(path, IDENTITY, [other])).toEqual([]);
  });

  it('is not given when neither tunnel has one', () => {
    const { custom_remote_identities: _, ...bare } = OTHER_TUNNEL;
    const other = { ...bare, cloudflare_endpoint: IMPECCABLE.cloudflare_endpoint };
    expect(adviceOn(path, undefined, [other])).toEqual([]);
    expect(adviceOn(['custom_remote_identities'], undefined, [other])).toEqual([]);
  });
});

testAdvice(['health_check', 'enabled'], {
  advised: [
    {
      value: false,
      says: ["the tunnel shows as down in Cloudflare's dashboard even when it works"],
      why: 'off',
    },
  ],
  quiet: [
    { value: true, why: 'on' },
    { value: undefined, why: 'on unless it is turned off' },
    { value: 'false', why: 'that it is no boolean is an error' },
  ],
});

const REPLY = "Cloudflare's guide: firewalls may drop reply probes. Choose request if yours does.";
const DEFAULT_DIRECTION = 'bidirectional for Magic WAN, its Terraform provider unidirectional';

testAdvice(['health_check', 'type'], {
  advised: [
    { value: 'reply', says: [REPLY], why: 'firewalls may drop it' },
    { value: undefined, says: [REPLY], why: 'reply is the default' },
  ],
  quiet: [
    { value: 'request', why: 'what the guide advises' },
    { value: 'other', why: 'that it is another word is an error' },
  ],
});

testAdvice(['health_check', 'direction'], {
  advised: [{ value: undefined, says: [DEFAULT_DIRECTION], why: 'the sources disagree on the default' }],
  quiet: [
    { value: 'unidirectional', why: 'chosen' },
    { value: 'bidirectional', why: 'chosen' },
  ],
});

describe('advice on the health check as a whole', () => {
  it.each([
    { healthCheck: undefined, why: 'it is absent' },
    { healthCheck: {}, why: 'it is empty' },
    { healthCheck: { enabled: true }, why: 'it is only turned on' },
  ])('is about the defaults when $why', ({ healthCheck }) => {
    expect(adviceOn(['health_check'], healthCheck).map(({ path }) => path.join('.'))).toEqual([
      'health_check.type',
      'health_check.direction',
    ]);
  });

  it.each([{ enabled: false }, { enabled: false, type: 'reply' }])('is only that it is off for %o', (healthCheck) => {
    expect(adviceOn(['health_check'], healthCheck).map(({ path }) => path.join('.'))).toEqual(['health_check.enabled']);
  });

  it.each([
    { target: '10.0.0.1', why: 'a string' },
    { target: { saved: '10.0.0.1' }, why: 'an object' },
    { target: '', why: 'a request for the default' },
  ])('says that a bidirectional check ignores its target, given as $why', ({ target }) => {
    expect(adviceOn(['health_check'], { type: 'request', direction: 'bidirectional', target })).toEqual([
      {
        path: ['health_check', 'target'],
        severity: 'note',
        message: expect.stringMatching(
          /the target is ignored while .* bidirectional\. Its guides for Azure, .* set it/,
        ),
      },
    ]);
  });

  it.each([
    { target: '172.64.240.251', advised: 0 },
    { target: '172.64.240.252', advised: 1 },
    { target: { saved: '172.64.240.255' }, advised: 1 },
    { target: '172.64.241.0', advised: 0 },
  ])('knows the range that is retired: $target', ({ target, advised }) => {
    const advice = adviceOn(['health_check'], { type: 'request', direction: 'unidirectional', target });
    expect(advice).toHaveLength(advised);
    if (advised > 0) expect(advice).toMatchObject([{ severity: 'risk', path: ['health_check', 'target'] }]);
  });

  it.each([
    { healthCheck: { type: 'request', direction: 'bidirectional' }, why: 'a bidirectional check without one' },
    {
      healthCheck: { type: 'request', direction: 'unidirectional', target: '10.0.0.1' },
      why: 'a unidirectional check',
    },
  ])('has nothing to say of the target of $why', ({ healthCheck }) => {
    expect(adviceOn(['health_check'], healthCheck)).toEqual([]);
  });
});

const EBGP_ONLY = "AS 13335 is Cloudflare's default for your account, and Cloudflare's guide supports eBGP only";
const SHARED_ASN =
  "branch-2 uses this ASN too. Cloudflare's guide: tunnels with one ASN exchange no routes with each other unless duplicates are allowed.";

testAdvice(['bgp', 'customer_asn'], {
  advised: [
    { value: 0, says: ['AS 0 is reserved (RFC 7607). Good practice: an ASN assigned to you'], why: 'reserved' },
    { value: 23456, says: ['AS 23456 is reserved (RFC 6793)'], why: 'AS_TRANS' },
    { value: 65535, says: ['AS 65535 is reserved (RFC 7300)'], why: 'the last of two octets' },
    { value: 4294967295, says: ['AS 4294967295 is reserved (RFC 7300)'], why: 'the last of four octets' },
    { value: 13335, says: [EBGP_ONLY], why: 'Cloudflare’s default' },
    { value: 65002, says: [SHARED_ASN], why: 'another tunnel’s' },
  ],
  quiet: [
    ...[1, 13334, 13336, 23455, 23457, 64512, 65001, 65534, 65536, 4294967294].map((value) => ({
      value,
      why: 'beside the numbers that are spoken for',
    })),
    { value: '13335', why: 'that it is text is an error' },
    { value: -1, why: 'that it is out of range is an error' },
    { value: undefined, why: 'that it is missing is an error' },
  ],
});

describe('advice on a shared ASN', () => {
  it('names all that share it, and only those', () => {
    const others = ['b', 'c', 'd'].map((name, index) => ({
      ...OTHER_TUNNEL,
      name,
      bgp: { customer_asn: index < 2 ? 65003 : 65004 },
    }));
    expect(adviceOn(['bgp', 'customer_asn'], 65003, others)).toEqual([
      { path: ['bgp', 'customer_asn'], severity: 'note', message: expect.stringMatching(/^b, c use this ASN too\./) },
    ]);
  });

  it('names three of very many, and how many more there are', () => {
    const others = Array.from({ length: 5000 }, (_, index) => ({ ...OTHER_TUNNEL, name: `site-${index}` }));
    const [advice] = adviceOn(['bgp', 'customer_asn'], 65002, others);
    expect(advice?.message).toMatch(/^site-0, site-1, site-2 and 4,997 more use this ASN too\./);
  });

  it('comes beside what else is to be said of the number', () => {
    const other = { ...OTHER_TUNNEL, bgp: { customer_asn: 13335 } };
    expect(adviceOn(['bgp', 'customer_asn'], 13335, [other]).map(({ message }) => message)).toEqual([
      expect.stringContaining(EBGP_ONLY),
      SHARED_ASN,
    ]);
  });

  it('is not given for tunnels without BGP', () => {
    const { bgp: _, ...other } = OTHER_TUNNEL;
    expect(adviceOn(['bgp', 'customer_asn'], 65002, [other])).toEqual([]);
    expect(adviceOn(['bgp'], undefined, [other])).toEqual([]);
  });
});

const NO_SECURITY = "Cloudflare's API reference: not a security measure, it only guards against misconfiguration.";

testAdvice(['bgp', 'md5_key'], {
  advised: [
    { value: 'k', says: [NO_SECURITY], why: 'whatever it is' },
    { value: 'x'.repeat(80), says: [NO_SECURITY], why: 'the longest that Linux takes' },
    {
      value: 'x'.repeat(81),
      says: [NO_SECURITY, "Cloudflare's stated maximum is 80 characters, as is that of Linux routers; this has 81."],
      why: 'one more than Linux takes',
    },
    { value: 'two words', says: [NO_SECURITY, 'This contains a space'], why: 'a space' },
  ],
  quiet: [
    { value: undefined, why: 'no key' },
    { value: '', why: 'that it is empty is an error' },
    { value: 5, why: 'that it is no text is an error' },
  ],
});

describe('advice on bgp.extra_prefixes', () => {
  const twice = (text: string) => `${text} is listed twice. Good practice: once is enough.`;
  const ipv6 = (text: string) => `${text} is IPv6. Cloudflare's guide documents the Magic routing table for IPv4.`;

  it.each([
    { prefixes: ['10.0.0.0/8', '10.0.0.0/8'], advice: [[1, twice('10.0.0.0/8')]], why: 'twice' },
    {
      prefixes: ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8', '10.0.0.0/8'],
      advice: [
        [2, twice('10.0.0.0/8')],
        [3, twice('10.0.0.0/8')],
      ],
      why: 'three times: each repetition is marked, not the first',
    },
    { prefixes: ['10.0.0.0/8', '2001:db8::/32'], advice: [[1, ipv6('2001:db8::/32')]], why: 'IPv6' },
    {
      prefixes: ['2001:db8::/32', '2001:db8::/32'],
      advice: [
        [0, ipv6('2001:db8::/32')],
        [1, twice('2001:db8::/32')],
        [1, ipv6('2001:db8::/32')],
      ],
      why: 'IPv6 twice',
    },
    {
      prefixes: ['2001:db8::/32', '2001:DB8:0::/32'],
      advice: [
        [0, ipv6('2001:db8::/32')],
        [1, twice('2001:db8::/32')],
        [1, ipv6('2001:db8::/32')],
      ],
      why: 'the same prefix in another spelling',
    },
  ])('is given for $prefixes: $why', ({ prefixes, advice }) => {
    expect(adviceOn(['bgp', 'extra_prefixes'], prefixes)).toEqual(
      advice.map(([index, message]) => ({
        path: ['bgp', 'extra_prefixes', index],
        message,
        severity: expect.stringMatching(/^(note|risk)$/),
      })),
    );
    expect(issuesOf(put(IMPECCABLE, ['bgp', 'extra_prefixes'], prefixes))).toEqual([]);
  });

  it.each([
    { prefixes: [], why: 'empty' },
    { prefixes: ['10.0.0.0/8', '10.0.0.0/9', '10.0.0.0/16'], why: 'one inside another is not the same' },
    { prefixes: undefined, why: 'absent' },
    { prefixes: ['', ''], why: 'entries that are not yet typed' },
    { prefixes: ['10', '10'], why: 'entries that are half typed' },
    { prefixes: [null, null, 5, {}], why: 'that entries are no text is an error' },
    { prefixes: '10.0.0.0/8', why: 'that it is no list is an error' },
    { prefixes: ['::1'], why: 'that the length is missing is an error' },
  ])('is not given for $prefixes: $why', ({ prefixes }) => {
    expect(adviceOn(['bgp', 'extra_prefixes'], prefixes)).toEqual([]);
  });
});

it('comes in the order of the fields', () => {
  const request = {
    ...FULL_REQUEST,
    name: 'branch 2',
    cloudflare_endpoint: '10.0.0.1',
    customer_endpoint: '10.0.0.2',
    interface_address: '10.0.0.1/30',
    psk: 'short',
    replay_protection: true,
    automatic_return_routing: true,
    health_check: { enabled: true, target: '10.0.0.1' },
    bgp: { customer_asn: 0, md5_key: 'k', extra_prefixes: ['::/0'] },
  };
  const other = { ...OTHER_TUNNEL, cloudflare_endpoint: '10.0.0.1', custom_remote_identities: { fqdn_id: IDENTITY } };
  const paths = adviseOn(request, contextOf([other])).map(({ path }) => path.join('.'));
  expect([...new Set(paths)]).toEqual([
    'name',
    'cloudflare_endpoint',
    'customer_endpoint',
    'interface_address',
    'psk',
    'replay_protection',
    'custom_remote_identities.fqdn_id',
    'health_check.type',
    'health_check.direction',
    'bgp.customer_asn',
    'bgp.md5_key',
    'bgp.extra_prefixes.0',
    'automatic_return_routing',
  ]);
});

describe('a form that changes', () => {
  const paths = [...new Set(ADVISORY_RULES.flatMap(({ dependsOn }) => dependsOn))];
  const values = fc.constantFrom<unknown>(
    ...[undefined, '', 'branch 2', '162.159.64.2', '10.0.0.2/31', '169.254.240.1/30', IDENTITY, 'reply', true, false],
    ...[65002, 'bidirectional', '172.64.240.252', ['10.0.0.0/8', '10.0.0.0/8'], { customer_asn: 0, md5_key: 'k' }],
  );
  const request = fc
    .array(fc.tuple(fc.constantFrom(...paths), values), { maxLength: 8 })
    .map((changes) =>
      asDraft(changes.reduce<unknown>((draft, [path, value]) => put(draft, path.split('.'), value), IMPECCABLE)),
    );
  const twin = { ...OTHER_TUNNEL, cloudflare_endpoint: '162.159.64.2', customer_endpoint: '8.8.8.8' };
  const context = contextOf([OTHER_TUNNEL, { ...twin, custom_remote_identities: { fqdn_id: IDENTITY } }]);

  it('hears field by field what it would hear at once', () => {
    fc.assert(
      fc.property(request, (draft) => {
        expect(ADVISORY_RULES.flatMap(({ field }) => adviseOnField(field, draft, context))).toEqual(
          adviseOn(draft, context),
        );
      }),
    );
  });

  it('hears nothing new of a field that the changed one does not advise', () => {
    fc.assert(
      fc.property(request, fc.constantFrom(...paths), values, (draft, path, value) => {
        const changed = asDraft(put(draft, path.split('.'), value));
        const affected = fieldsAdvisedBy(path);
        for (const { field } of ADVISORY_RULES.filter((rule) => !affected.includes(rule.field))) {
          expect(adviseOnField(field, changed, context)).toEqual(adviseOnField(field, draft, context));
        }
      }),
    );
  });

  it.each([
    ['cloudflare_endpoint', ['cloudflare_endpoint', 'customer_endpoint', 'custom_remote_identities.fqdn_id']],
    ['health_check.direction', ['health_check.direction', 'health_check.target']],
    ['bgp', ['interface_address', 'bgp.customer_asn', 'bgp.md5_key', 'bgp.extra_prefixes']],
    ['bgp.md5_key', ['interface_address', 'bgp.md5_key']],
    ['psk', ['psk']],
    ['health_check.rate', []],
  ] as const)('knows which fields a change of %s can concern', (path, fields) => {
    expect(fieldsAdvisedBy(path)).toEqual(fields);
  });
});

it('is given on whatever is half typed, and only on fields that exist', () => {
  const anything = fc.anything();
  const group = fc.oneof(anything, fc.dictionary(fc.constantFrom('enabled', 'type', 'direction', 'target'), anything));
  const draft = fc.record(
    {
      ...Object.fromEntries(Object.keys(FULL_REQUEST).map((key) => [key, anything])),
      health_check: group,
      bgp: fc.oneof(anything, fc.record({ customer_asn: anything, md5_key: anything, extra_prefixes: anything })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(draft, (request) => {
      const keys = adviseOn(request, contextOf([OTHER_TUNNEL])).map(({ path }) => path[0]);
      expect(Object.keys(FULL_REQUEST)).toEqual(expect.arrayContaining(keys));
    }),
  );
});
