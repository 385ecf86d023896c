import type { IpsecTunnel } from '@tunnel-desk/shared/ipsec-tunnels/tunnel';
import { describe, expect, it } from 'vitest';
import type { TunnelFormValues } from '../src/ipsec-tunnels/form/fields.ts';
import {
  changeInWords,
  interruptionsOf,
  keptByCloudflare,
  mergeTunnelChanges,
  tunnelChanges,
  tunnelUpdateRequest,
  valuesOfTunnel,
} from '../src/ipsec-tunnels/form/tunnel-update.ts';

const CONTEXT = { accountId: '0123456789abcdef0123456789abcdef' };
const TUNNEL: IpsecTunnel = {
  id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  name: 'branch-ams-1',
  description: 'To Amsterdam',
  cloudflare_endpoint: '198.51.100.1',
  customer_endpoint: '192.88.99.10',
  interface_address: '10.0.0.0/31',
  created_on: '2026-11-25T10:00:00.000000001Z',
  psk_metadata: { last_generated_on: '2026-11-25T10:00:00Z' },
  replay_protection: true,
  custom_remote_identities: { fqdn_id: `ams-1.${CONTEXT.accountId}.custom.ipsec.cloudflare.com` },
  health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional', target: '' },
  bgp: { customer_asn: 65001, extra_prefixes: ['10.1.0.0/16'], md5_key: 'guard' },
  a_field_of_the_future: 'kept by Cloudflare',
};
const OPENED = valuesOfTunnel(TUNNEL, CONTEXT);
const edited = (values: Partial<TunnelFormValues>): TunnelFormValues => ({ ...OPENED, ...values });
const requestOf = (values: Partial<TunnelFormValues>, tunnel = TUNNEL) =>
  tunnelUpdateRequest(tunnel, { ...valuesOfTunnel(tunnel, CONTEXT), ...values }, CONTEXT);
const changesOf = (values: Partial<TunnelFormValues>) => tunnelChanges(OPENED, edited(values), CONTEXT);
const wordsOf = (values: Partial<TunnelFormValues>) => changesOf(values).map(changeInWords);

describe('the request of an update', () => {
  const { id: _, created_on: __, psk_metadata: ___, a_field_of_the_future: ____, ...whole } = TUNNEL;

  it('is the complete tunnel, without a key, and without what no request has', () => {
    expect(requestOf({})).toEqual(whole);
  });

  it('has the change, and everything else as the tunnel has it', () => {
    expect(requestOf({ name: 'branch-ams-2' })).toEqual({ ...whole, name: 'branch-ams-2' });
  });

  it.each([
    ['a description', { description: '' }, 'description', ''],
    ['a switch, whose default an absent field may not mean', { replay_protection: false }, 'replay_protection', false],
    ['an endpoint, which the API does not take empty', { customer_endpoint: '' }, 'customer_endpoint', undefined],
    ['a group', { 'custom_remote_identities/fqdn_id': '' }, 'custom_remote_identities', undefined],
    ['BGP', { bgpEnabled: false }, 'bgp', undefined],
  ] as const)('says that %s is removed', (_what, values, field, sent) => {
    expect(requestOf(values)[field]).toEqual(sent);
  });

  it('empties a list in a group that stays', () => {
    expect(requestOf({ 'bgp/extra_prefixes': '', 'bgp/md5_key': '' })).toHaveProperty('bgp', {
      customer_asn: 65001,
      extra_prefixes: [],
    });
  });

  it('has a key only when one is to be set', () => {
    expect(requestOf({ pskSource: 'later', psk: 'left over' })).not.toHaveProperty('psk');
    expect(requestOf({ pskSource: 'own', psk: 'new' })).toHaveProperty('psk', 'new');
  });

  it('sends a word that the form does not know as it stands, and never another one in its place', () => {
    const tunnel = { ...TUNNEL, health_check: { ...TUNNEL.health_check, rate: 'ultra' } };
    expect(requestOf({}, tunnel)).toHaveProperty('health_check.rate', 'ultra');
    expect(requestOf({ 'health_check/rate': 'low' }, tunnel)).toHaveProperty('health_check.rate', 'low');
  });

  it('writes the health check whole, even where the tunnel tells none', () => {
    const { health_check: _health, ...tunnel } = TUNNEL;
    expect(requestOf({}, tunnel)).toHaveProperty('health_check', {
      enabled: true,
      rate: 'mid',
      type: 'reply',
      direction: 'bidirectional',
      target: '',
    });
  });

  it('does not send the empty texts of a response back', () => {
    const tunnel = { ...TUNNEL, customer_endpoint: '', interface_address6: '', bgp: { customer_asn: 1, md5_key: '' } };
    const request = requestOf({}, tunnel);
    expect(request).not.toHaveProperty('customer_endpoint');
    expect(request).not.toHaveProperty('interface_address6');
    expect(request).toHaveProperty('bgp', { customer_asn: 1 });
  });
});

describe('what changes', () => {
  it('is nothing while values mean the same, however they are written', () => {
    expect(changesOf({ name: ' branch-ams-1 ', 'bgp/extra_prefixes': '10.1.0.0/16,' })).toEqual([]);
  });

  it('is told in words, old and new', () => {
    expect(
      wordsOf({ description: '', replay_protection: false, 'health_check/rate': 'high', 'bgp/extra_prefixes': '' }),
    ).toEqual([
      { field: 'description', label: 'Description', from: 'To Amsterdam', to: 'none' },
      { field: 'replay_protection', label: 'Replay protection', from: 'on', to: 'off' },
      { field: 'health_check/rate', label: 'Health check rate', from: 'medium', to: 'high' },
      { field: 'bgp/extra_prefixes', label: 'Extra prefixes', from: '10.1.0.0/16', to: 'none' },
    ]);
  });

  it('never has a key in it, and masks an MD5 key', () => {
    const words = wordsOf({ pskSource: 'own', psk: 'a new secret', 'bgp/md5_key': 'other' });
    expect(words.map(({ field }) => field)).toEqual(['psk', 'bgp/md5_key']);
    expect(JSON.stringify(words)).not.toMatch(/a new secret|other|guard/);
  });

  it('is its switch alone for a group that is switched off', () => {
    expect(wordsOf({ bgpEnabled: false })).toEqual([{ field: 'bgpEnabled', label: 'BGP', from: 'on', to: 'off' }]);
  });

  it.each([
    [{ description: 'x' }, 0],
    [{ 'health_check/rate': 'low' }, 0],
    [{ cloudflare_endpoint: '198.51.100.2' }, 1],
    [{ interface_address: '10.0.0.2/31' }, 1],
    [{ pskSource: 'own', psk: 'x' }, 1],
    [{ 'custom_remote_identities/fqdn_id': 'ams-2' }, 1],
    [{ customer_endpoint: '192.88.99.11', bgpEnabled: false }, 2],
  ] as const)('%j interrupts traffic in %i ways', (values, count) => {
    expect(interruptionsOf(changesOf(values))).toHaveLength(count);
  });

  it('says nothing of a BGP session where BGP is turned on', () => {
    const off = valuesOfTunnel({ ...TUNNEL, bgp: undefined }, CONTEXT);
    expect(interruptionsOf(tunnelChanges(off, OPENED, CONTEXT))).toEqual([]);
  });
});

describe('a form on top of what somebody else has changed', () => {
  const merge = (yours: Partial<TunnelFormValues>, theirs: Partial<TunnelFormValues>) =>
    mergeTunnelChanges({ base: OPENED, yours: edited(yours), theirs: edited(theirs) }, CONTEXT);

  it('takes what only they changed, and keeps what only you changed', () => {
    const { values, fields } = merge({ description: 'mine' }, { name: 'theirs' });
    expect(values).toEqual(edited({ description: 'mine', name: 'theirs' }));
    expect(fields).toEqual([{ field: 'name', yours: 'branch-ams-1', theirs: 'theirs', isConflict: false }]);
  });

  it('keeps yours of what both changed, and tells both', () => {
    const { values, fields } = merge({ description: 'mine' }, { description: 'theirs' });
    expect(values.description).toBe('mine');
    expect(fields).toEqual([{ field: 'description', yours: 'mine', theirs: 'theirs', isConflict: true }]);
  });

  it('has nothing to ask where both changed it alike', () => {
    expect(merge({ description: 'same' }, { description: 'same' }).fields).toEqual([]);
  });

  it('keeps a key that was typed', () => {
    expect(merge({ pskSource: 'own', psk: 'typed' }, { name: 'theirs' }).values).toMatchObject({
      pskSource: 'own',
      psk: 'typed',
    });
  });

  it('asks about the switch of a group that they switched off while you changed something in it', () => {
    const { values, fields } = merge({ 'bgp/customer_asn': '65002' }, { bgpEnabled: false, 'bgp/customer_asn': '' });
    expect(fields).toEqual([{ field: 'bgpEnabled', yours: true, theirs: false, isConflict: true }]);
    expect(values).toMatchObject({ bgpEnabled: true, 'bgp/customer_asn': '65002' });
  });
});

describe('what Cloudflare kept', () => {
  const kept = (asked: Partial<TunnelFormValues>, after: Partial<TunnelFormValues>) =>
    keptByCloudflare({ before: OPENED, asked: edited(asked), after: edited(after) }, CONTEXT);

  it('is nothing where the tunnel is as it was asked for, whatever the key', () => {
    expect(kept({ name: 'new', pskSource: 'own', psk: 'x' }, { name: 'new' })).toEqual([]);
  });

  it.each([
    ['BGP', { bgpEnabled: false }, {}, 'Cloudflare kept BGP as it was.'],
    ['a text', { customer_endpoint: '' }, {}, 'Cloudflare kept the customer endpoint: 192.88.99.10.'],
    ['another value than either', { name: 'Mine' }, { name: 'mine' }, 'Cloudflare has mine for the name, not Mine.'],
  ] as const)('tells of %s', (_what, asked, after, sentence) => {
    expect(kept(asked, after)).toEqual([sentence]);
  });
});
