import { describe, expect, it } from 'vitest';
import { fromFragment, hasDraft, toFragment, withheldLabels } from '../src/forms/shared-draft.ts';
import { EMPTY_FORM, TUNNEL_FORM, type TunnelFormValues } from '../src/ipsec-tunnels/form/fields.ts';

const { fields } = TUNNEL_FORM;
const PSK = 'correct horse battery staple';
const MD5_KEY = 'guard';

const FILLED: TunnelFormValues = {
  ...EMPTY_FORM,
  name: 'Zürich 🎉',
  description: ' "\\ \u202e\n',
  cloudflare_endpoint: '198.51.100.1',
  interface_address: '10.0.0.0/24',
  pskSource: 'own',
  psk: PSK,
  replay_protection: true,
  'health_check/enabled': false,
  'health_check/rate': 'high',
  bgpEnabled: true,
  'bgp/customer_asn': 'AS65001',
  'bgp/md5_key': MD5_KEY,
  'bgp/extra_prefixes': '10.1.0.0/16\n10.2.0.0/16',
};

/** A link as somebody else may have made it. */
function linkWith(draft: unknown, version = '1'): string {
  return `#draft=${version}.${Buffer.from(JSON.stringify(draft)).toString('base64url')}`;
}

function textOf(fragment: string): string {
  return Buffer.from(fragment.replace('#draft=1.', ''), 'base64url').toString();
}

describe('a draft in a link', () => {
  it('is read as it was, right or wrong, but for its keys, of which it says that they were there', () => {
    expect(fromFragment(fields, toFragment(fields, FILLED))).toStrictEqual({
      kind: 'draft',
      values: { ...FILLED, psk: '', 'bgp/md5_key': '' },
      withheld: ['Pre-shared key', 'MD5 key'],
      ignoredCount: 0,
    });
  });

  it('holds no key, and says beforehand which it leaves out', () => {
    const fragment = toFragment(fields, FILLED);
    expect(textOf(fragment)).not.toContain(PSK);
    expect(textOf(fragment)).not.toContain(MD5_KEY);
    expect(withheldLabels(fields, FILLED)).toEqual(['Pre-shared key', 'MD5 key']);
    expect(withheldLabels(fields, EMPTY_FORM)).toEqual([]);
  });

  it('holds only what differs from an empty form, in characters that no URL escapes', () => {
    expect(textOf(toFragment(fields, { ...EMPTY_FORM, name: 'ams' }))).toBe('{"values":{"name":"ams"},"withheld":[]}');
    expect(toFragment(fields, FILLED)).toMatch(/^#draft=1\.[\w-]+$/);
    expect(hasDraft(toFragment(fields, EMPTY_FORM))).toBe(true);
    expect(hasDraft('#field-name')).toBe(false);
  });
});

describe('a link that somebody made by hand', () => {
  const entries: { readonly values: object; readonly why: string }[] = [
    { values: { psk: PSK }, why: 'a pre-shared key is never read from one' },
    { values: { 'bgp/md5_key': MD5_KEY }, why: 'nor is an MD5 key' },
    { values: { colour: 'red' }, why: 'the form has no such field' },
    { values: { constructor: 'x' }, why: 'it is no field either' },
    { values: { replay_protection: 'yes' }, why: 'the field takes no text' },
    { values: { 'health_check/rate': 'never' }, why: 'the field does not know the word' },
    { values: { name: { first: 'a' } }, why: 'the field takes no object' },
  ];

  it.each(entries)('with $values loses it, and says so: $why', ({ values }) => {
    expect(fromFragment(fields, linkWith({ values: { ...values, description: 'kept' } }))).toStrictEqual({
      kind: 'draft',
      values: { ...EMPTY_FORM, description: 'kept' },
      withheld: [],
      ignoredCount: 1,
    });
  });

  it('can say that only keys were left out', () => {
    const draft = fromFragment(fields, linkWith({ values: {}, withheld: ['name', 'nonsense', 7, 'bgp/md5_key'] }));
    expect(draft).toMatchObject({ withheld: ['MD5 key'] });
  });

  it.each([
    { fragment: '#draft=', why: 'nothing follows' },
    { fragment: '#draft=1.', why: 'the values are missing' },
    { fragment: toFragment(fields, FILLED).slice(0, 60), why: 'it was cut short' },
    { fragment: `${toFragment(fields, FILLED)}).`, why: 'a sentence went on behind it' },
    { fragment: '#draft=1._w', why: 'it is no UTF-8' },
    { fragment: '#draft=1.A', why: 'it is no base64' },
    { fragment: linkWith(null), why: 'it holds nothing' },
    { fragment: linkWith([]), why: 'it holds a list' },
    { fragment: linkWith({ values: ['name'] }), why: 'the values have no names' },
  ])('is broken where $why', ({ fragment }) => {
    expect(fromFragment(fields, fragment)).toEqual({ kind: 'broken' });
  });

  it('of a later version is not guessed at', () => {
    expect(fromFragment(fields, linkWith({ values: {} }, '2'))).toEqual({ kind: 'newer' });
  });
});
