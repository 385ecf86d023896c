import { describe, expect, it } from 'vitest';
import { md5Key } from '../../../src/ipsec-tunnels/fields.ts';
import { NOT_A_STRING, testField, wrongTypes } from '../validating.ts';

const ASN_REQUIRED = 'a customer ASN is required while BGP is on';
const ASN_OUT_OF_RANGE = 'an ASN is a whole number from 0 to 4294967295';

testField('bgp', ['bgp'], {
  accepts: [{ value: { customer_asn: 65001 }, why: 'the ASN alone is enough' }],
  rejects: [
    { value: {}, inside: ['customer_asn'], says: ASN_REQUIRED, why: 'BGP without an ASN' },
    { value: { md5_key: 'key' }, inside: ['customer_asn'], says: ASN_REQUIRED, why: 'a key without an ASN' },
    ...wrongTypes('an object', 'string', 'number', 'boolean', 'array'),
  ],
});

testField(
  'bgp.customer_asn',
  ['bgp', 'customer_asn'],
  {
    accepts: [
      { value: 0, why: 'the lowest; that it is reserved is advice' },
      { value: 1, why: 'the lowest in use' },
      { value: 13335, why: 'that it is Cloudflare’s is advice' },
      { value: 23456, why: 'that it is reserved is advice' },
      { value: 65535, why: 'the highest of two octets; that it is reserved is advice' },
      { value: 65536, why: 'the lowest of four octets' },
      { value: 4294967295, why: 'the highest of four octets; that it is reserved is advice' },
    ],
    rejects: [
      { value: undefined, says: ASN_REQUIRED, why: 'absent' },
      { value: 4294967296, says: ASN_OUT_OF_RANGE, why: 'one more than four octets hold' },
      { value: -1, says: ASN_OUT_OF_RANGE, why: 'negative' },
      { value: 1.5, says: ASN_OUT_OF_RANGE, why: 'a fraction' },
      { value: Number.NaN, says: ASN_OUT_OF_RANGE, why: 'not a number' },
      { value: Number.POSITIVE_INFINITY, says: ASN_OUT_OF_RANGE, why: 'what JSON’s 1e999 becomes' },
      ...asText('65001', '65001', 'text is not converted silently'),
      {
        value: ' 65001\n',
        says: '" 65001⟨U+000A⟩" must be written as a plain number: 65001',
        offers: '65001',
        why: 'text with white space around it',
      },
      ...asText('065001', '65001', 'text with a leading zero'),
      ...asText('AS65001', '65001', 'as people say it'),
      ...asText('as 65001', '65001', 'as people say it'),
      ...asText('1.10', '65546', 'the asdot form (RFC 5396)'),
      ...asText('0.0', '0', 'the lowest in asdot form'),
      ...asText('65535.65535', '4294967295', 'the highest in asdot form'),
      ...asText('4294967295', '4294967295', 'the highest'),
      ...notAnAsn('', 'empty'),
      ...notAnAsn('4294967296', 'too high to be offered as a number'),
      ...notAnAsn('65536.0', 'too high before the dot'),
      ...notAnAsn('1.65536', 'too high behind the dot'),
      ...notAnAsn('1.2.3', 'two dots'),
      ...notAnAsn('-1', 'a sign'),
      ...notAnAsn('+1', 'a sign'),
      ...notAnAsn('1e3', 'an exponent'),
      ...notAnAsn('0x10', 'hexadecimal'),
      ...asText('65,001', '65001', 'a thousands separator'),
      ...asText('4,200,000,000', '4200000000', 'thousands separators'),
      ...asText('4.200.000.000', '4200000000', 'those of German'),
      ...asText('65 001', '65001', 'a blank between thousands'),
      ...asText("65'001", '65001', 'the separator of Switzerland'),
      ...notAnAsn('65,01', 'a comma that separates no thousands'),
      ...notAnAsn('4,200.000', 'two kinds of separators'),
      ...asText('\uff11', '1', 'a full-width digit'),
      ...ambiguous('65001.0', '65001 or as 4259905536', 'asdot, or a number as spreadsheets write it'),
      ...ambiguous('1.200', '1200 or as 65736', 'asdot, or a thousands separator of German'),
      ...ambiguous('65.001', '65001 or as 4259841', 'asdot with leading zeros, or a thousands separator'),
      ...notAnAsn('Cloudflare', 'a name'),
      ...wrongTypes('a whole number', 'boolean', 'array', 'object'),
    ],
  },
  { fromSuggestion: Number },
);

function asText(value: string, offers: string, why: string) {
  return [{ value, says: `"${value}" must be written as a plain number: ${offers}`, offers, why }];
}

function ambiguous(value: string, readings: string, why: string) {
  return [{ value, says: `"${value}" must be written as a plain number: it can be read as ${readings}`, why }];
}

function notAnAsn(value: string, why: string) {
  return [{ value, says: `"${value}" is not an ASN: a whole number from 0 to 4294967295`, why }];
}

describe('the characters of bgp.md5_key', () => {
  /** The set as the API reference spells it out. */
  const allowed = [
    ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    ..." '!@#$%^&*()+[]{}<>/.,;:_-~`=\\|",
  ];

  it('are exactly those of the API reference, of all that Unicode’s first 65,536 can write', () => {
    const every = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
    expect(every.filter((character) => md5Key.safeParse(character).success)).toEqual(allowed.toSorted());
  });

  it('are all of printable ASCII but two', () => {
    const printable = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
    expect(printable.filter((character) => !allowed.includes(character))).toEqual(['"', '?']);
  });

  it('may stand together in one key', () => {
    expect(md5Key.parse(allowed.join(''))).toBe(allowed.join(''));
  });
});

testField('bgp.md5_key', ['bgp', 'md5_key'], {
  accepts: [
    { value: 'k', why: 'one character' },
    { value: ' ', why: 'a space is a character like any other' },
    { value: ' key ', why: 'nothing is trimmed' },
    { value: 'x'.repeat(80), why: 'as many as Linux takes' },
    { value: 'x'.repeat(81), why: 'that Linux takes fewer is advice' },
  ],
  rejects: [
    { value: '', says: 'an MD5 key cannot be empty: leave it out instead', why: 'empty' },
    ...forbidden('"', 1, 'a quotation mark (")', 'the only character'),
    ...forbidden('"key', 1, 'a quotation mark (")', 'the first character'),
    ...forbidden('key"', 4, 'a quotation mark (")', 'the last character'),
    ...forbidden('wh?t', 3, 'a question mark (?)', 'inside'),
    ...forbidden('key\n', 4, 'the invisible character U+000A (line feed)', 'a line feed, as pasting brings along'),
    ...forbidden('\tkey', 1, 'the invisible character U+0009 (tab)', 'a tab'),
    ...forbidden('k\vey', 2, 'the invisible character U+000B', 'a vertical tab'),
    ...forbidden('k\fey', 2, 'the invisible character U+000C', 'a form feed'),
    ...forbidden('key\r', 4, 'the invisible character U+000D (carriage return)', 'a carriage return'),
    ...forbidden('\0', 1, 'the invisible character U+0000 (null)', 'NUL'),
    ...forbidden('\x1f', 1, 'the invisible character U+001F', 'the last before printable ASCII'),
    ...forbidden('\x7f', 1, 'the invisible character U+007F', 'the first behind printable ASCII'),
    ...forbidden(
      'a\u00a0b',
      2,
      'the invisible character U+00A0 (no-break space)',
      'a no-break space, as word processors write it',
    ),
    ...forbidden('a\u200bb', 2, 'the invisible character U+200B (zero-width space)', 'a zero-width space'),
    ...forbidden('café', 4, '“é” (U+00E9)', 'a letter outside ASCII'),
    ...forbidden('it’s', 3, 'a curly apostrophe (’, U+2019)', 'a typographic apostrophe'),
    ...forbidden('“key”', 1, 'a curly quotation mark (“, U+201C)', 'typographic quotation marks'),
    ...forbidden('\uff11', 1, 'the full-width “\uff11” (U+FF11)', 'a full-width digit'),
    ...forbidden('key🔑', 4, '“🔑” (U+1F511)', 'a character of two UTF-16 units'),
    ...forbidden('é"', 1, '“é” (U+00E9)', 'the first of two is named'),
    ...NOT_A_STRING,
  ],
});

function forbidden(value: string, position: number, called: string, why: string) {
  return [{ value, says: `character ${position} is ${called}, which an MD5 key cannot contain`, why }];
}

testField('bgp.extra_prefixes', ['bgp', 'extra_prefixes'], {
  accepts: [
    { value: [], why: 'an empty list' },
    { value: ['0.0.0.0/0'], why: 'the default route' },
    { value: ['10.0.0.0/8', '10.1.2.3/32', '255.255.255.255/32'], why: 'networks and single addresses' },
    { value: ['8.8.8.0/24'], why: 'public space too' },
    { value: ['::/0', '2001:db8::/32', '::1/128'], why: 'that IPv6 is not documented is advice' },
    { value: ['2001:DB8:0::/48'], why: 'other spellings are not rewritten' },
    { value: ['10.0.0.0/8', '10.0.0.0/8'], why: 'that one is there twice is advice' },
  ],
  rejects: [
    ...wrongTypes('an array of prefixes', 'string', 'number', 'boolean', 'object'),
    {
      value: ['10.1.0.0/16', '10.0.0.1/8'],
      inside: [1],
      says: 'host bits are set: 10.0.0.0/8',
      offers: '10.0.0.0/8',
      why: 'host bits, in the second entry',
    },
  ],
});

testField('an entry of bgp.extra_prefixes', ['bgp', 'extra_prefixes'], {
  rejects: [
    ...entry('10.0.0.1/8', 'host bits are set: 10.0.0.0/8', 'host bits', '10.0.0.0/8'),
    ...entry('10.0.0.1/31', 'host bits are set: 10.0.0.0/31', 'one host bit', '10.0.0.0/31'),
    ...entry('128.0.0.0/0', 'host bits are set: 0.0.0.0/0', 'the highest bit', '0.0.0.0/0'),
    ...entry('2001:db8::1/32', 'host bits are set: 2001:db8::/32', 'host bits of IPv6', '2001:db8::/32'),
    ...entry('::1/127', 'host bits are set: ::/127', 'one host bit of IPv6', '::/127'),
    ...entry('10.0.0.1', 'has no prefix length', 'no length, and which one was meant is not certain'),
    ...entry('2001:db8::1', 'has no prefix length', 'no length on IPv6'),
    ...entry('10.1.0.0/255.255.0.0', ': 10.1.0.0/16', 'a netmask', '10.1.0.0/16'),
    ...entry('10.1.2.3 255.255.0.0', ': 10.1.0.0/16', 'a netmask and host bits', '10.1.0.0/16'),
    ...entry('10.1.2.3 255.255.255.255', ': 10.1.2.3/32', 'the longest netmask', '10.1.2.3/32'),
    ...entry('0.0.0.0/0.0.0.0', ': 0.0.0.0/0', 'the shortest netmask', '0.0.0.0/0'),
    ...entry('', 'must be a CIDR prefix such as 10.1.0.0/16', 'empty'),
    ...entry('10.1.0.0/255.0.255.0', 'is not a CIDR prefix', 'a mask with a gap'),
    ...entry('10.0.0.0/33', '10.0.0.0/33 is too long: IPv4 ends at /32', 'an impossible prefix length'),
    ...entry('2001:db8::/129', '2001:db8::/129 is too long: IPv6 ends at /128', 'an impossible prefix length of IPv6'),
    ...entry('10.0.0.0/08', '"10.0.0.0/08" is not a CIDR prefix', 'a length with a leading zero'),
    ...entry('10.0.0.0/-8', '"10.0.0.0/-8" is not a CIDR prefix', 'a length with a sign'),
    ...entry('10/8', '"10/8" is not a CIDR prefix', 'an address cut short'),
    ...entry('010.0.0.0/8', '"010.0.0.0/8" is not a CIDR prefix', 'a leading zero in the address'),
    ...entry('010.0.0.0/8', 'read as decimal it would be 10.0.0.0/8', 'the decimal reading is named, and not offered'),
    ...entry(' 10.0.0.0/8', '" 10.0.0.0/8" is not a CIDR prefix', 'a leading space is not trimmed', '10.0.0.0/8'),
    ...entry('10.0.0.0/8\n', 'is not a CIDR prefix', 'a trailing line break is not trimmed', '10.0.0.0/8'),
    ...entry('10.0.0.0 / 8', 'character 9 is a blank', 'blanks around the slash', '10.0.0.0/8'),
    ...entry('1\uff10.0.0.0/8', 'character 2 is the full-width “０”', 'a full-width digit', '10.0.0.0/8'),
    ...entry('10.0.0.0\u200b/8', 'U+200B (zero-width space)', 'an invisible character', '10.0.0.0/8'),
    ...entry('10.0.0.0\u00a0255.0.0.0', ': 10.0.0.0/8', 'a netmask behind a no-break space', '10.0.0.0/8'),
    ...entry('"10.0.0.0/8"', 'is not a CIDR prefix', 'quotation marks', '10.0.0.0/8'),
    ...entry('“10.0.0.0/8”', 'character 1 is a curly quotation mark (“, U+201C)', 'curly ones', '10.0.0.0/8'),
    ...entry('- 10.0.0.0/8', 'is not a CIDR prefix', 'a bullet', '10.0.0.0/8'),
    ...entry('•\t10.0.0.0/8', 'is not a CIDR prefix', 'another bullet', '10.0.0.0/8'),
    ...entry('2. 10.0.0.0/8', 'is not a CIDR prefix', 'the number of a list', '10.0.0.0/8'),
    ...entry('[ "2001:db8::/32",', 'is not a CIDR prefix', 'the beginning of a JSON list', '2001:db8::/32'),
    ...entry('{10.0.0.1/8}', 'is not a CIDR prefix', 'braces, and host bits', '10.0.0.0/8'),
    ...entry('-10.0.0.0/8', 'is not a CIDR prefix', 'a minus, as in a diff, is no bullet'),
    ...entry('10.0.0.0/8,10.1.0.0/16', 'is not a CIDR prefix', 'two in one text'),
    ...entry('fe80::%eth0/64', 'is not a CIDR prefix', 'a zone ID'),
    ...entry('any', '"any" is not a CIDR prefix', 'a word'),
    ...NOT_A_STRING.map(({ value, says, why }) => ({ value: [value], inside: [0], says, why })),
  ],
});

function entry(text: string, says: string, why: string, offers?: string) {
  return [{ value: [text], inside: [0], says, why, ...(offers !== undefined && { offers }) }];
}

const FILTER_ID = '0123456789abcdef0123456789abcdef';
const FILTER_IDS = {
  accepts: [
    { value: FILTER_ID, why: '32 lowercase hexadecimal characters' },
    { value: 'f'.repeat(32), why: 'letters only' },
    { value: '0'.repeat(32), why: 'digits only' },
  ],
  rejects: [
    { value: '', why: 'empty' },
    { value: FILTER_ID.slice(1), why: '31 characters' },
    { value: `${FILTER_ID}0`, why: '33 characters' },
    { value: FILTER_ID.toUpperCase(), why: 'capital letters' },
    { value: `g${FILTER_ID.slice(1)}`, why: 'a letter that is no digit' },
    { value: ` ${FILTER_ID}`, why: 'a leading space is not trimmed' },
    { value: `${FILTER_ID}\n`, why: 'a trailing line break is not trimmed' },
    { value: '01234567-89ab-cdef-0123-456789abcdef', why: 'hyphens, as in a UUID' },
  ].map((row) => ({ ...row, says: 'must be 32 lowercase hexadecimal characters' })),
};

testField('bgp.import_filter_id', ['bgp', 'import_filter_id'], {
  ...FILTER_IDS,
  rejects: [...FILTER_IDS.rejects, ...NOT_A_STRING],
});
testField('bgp.export_filter_id', ['bgp', 'export_filter_id'], {
  ...FILTER_IDS,
  rejects: [...FILTER_IDS.rejects, ...NOT_A_STRING],
});
