// What this project sends, held against the official `cloudflare` SDK: its types by the compiler, its calls by running it.

import Cloudflare from 'cloudflare';
import type {
  IPSECTunnelCreateParams,
  IPSECTunnelListResponse,
} from 'cloudflare/resources/magic-transit/ipsec-tunnels';
import { expect, expectTypeOf, it } from 'vitest';
import { HEALTH_CHECK_TARGET_HEADER, ipsecTunnelsPath } from '../src/api/paths.ts';
import type { CreateIpsecTunnelRequest } from '../src/ipsec-tunnels/request.ts';
import type { IpsecTunnel, ipsecTunnelSchema } from '../src/ipsec-tunnels/tunnel.ts';
import { ACCOUNT_ID, accepted, FULL_REQUEST, put } from './ipsec-tunnels/validating.ts';

/** The SDK's create call takes path and header beside the body's fields. */
type SdkRequest = Omit<IPSECTunnelCreateParams, 'account_id' | 'x-magic-new-hc-target'>;

type RequiredKeys<Type> = { [Key in keyof Type]-?: undefined extends Type[Key] ? never : Key }[keyof Type];
type Group<Type, Key extends keyof Type> = NonNullable<Type[Key]>;

it('sends what the SDK’s types take', () => {
  expectTypeOf<CreateIpsecTunnelRequest>().toExtend<SdkRequest>();
});

it('has the SDK’s fields, all of them and no others, on every level', () => {
  expectTypeOf<keyof CreateIpsecTunnelRequest>().toEqualTypeOf<keyof SdkRequest>();
  expectTypeOf<RequiredKeys<CreateIpsecTunnelRequest>>().toEqualTypeOf<RequiredKeys<SdkRequest>>();

  type OurBgp = Group<CreateIpsecTunnelRequest, 'bgp'>;
  expectTypeOf<OurBgp>().toEqualTypeOf<Group<SdkRequest, 'bgp'>>();

  type OurIdentities = Group<CreateIpsecTunnelRequest, 'custom_remote_identities'>;
  expectTypeOf<OurIdentities>().toEqualTypeOf<Group<SdkRequest, 'custom_remote_identities'>>();

  type OurHealthCheck = Group<CreateIpsecTunnelRequest, 'health_check'>;
  type SdkHealthCheck = Group<SdkRequest, 'health_check'>;
  expectTypeOf<Omit<OurHealthCheck, 'target'>>().toEqualTypeOf<Omit<SdkHealthCheck, 'target'>>();
  expectTypeOf<keyof OurHealthCheck>().toEqualTypeOf<keyof SdkHealthCheck>();

  type SdkTarget = IPSECTunnelCreateParams.HealthCheck.MagicHealthCheckTarget;
  expectTypeOf<Exclude<OurHealthCheck['target'], string>>().toExtend<SdkTarget | undefined>();
  expectTypeOf<keyof Exclude<NonNullable<OurHealthCheck['target']>, string>>().toEqualTypeOf<keyof SdkTarget>();
});

it('reads every field of the SDK’s tunnel, on every level', () => {
  type SdkTunnel = IPSECTunnelListResponse.IPSECTunnel;
  type Shape = (typeof ipsecTunnelSchema)['shape'];
  expectTypeOf<keyof SdkTunnel>().toExtend<keyof Shape>();

  type Known<Key extends keyof Shape> = KnownKeys<NonNullable<IpsecTunnel[Key]>>;
  expectTypeOf<keyof Group<SdkTunnel, 'bgp'>>().toEqualTypeOf<Known<'bgp'>>();
  expectTypeOf<keyof Group<SdkTunnel, 'bgp_status'>>().toEqualTypeOf<Known<'bgp_status'>>();
  expectTypeOf<keyof Group<SdkTunnel, 'health_check'>>().toEqualTypeOf<Known<'health_check'>>();
  expectTypeOf<keyof Group<SdkTunnel, 'psk_metadata'>>().toEqualTypeOf<Known<'psk_metadata'>>();
});

/** The keys of a loose object that its schema names. */
type KnownKeys<Type> = keyof { [Key in keyof Type as string extends Key ? never : Key]: Type[Key] };

it.each([
  { form: 'string', target: '10.0.0.1', header: null },
  { form: 'object', target: { saved: '10.0.0.1' }, header: 'true' },
] as const)('is called as the SDK calls Cloudflare, with the target as $form', async ({ form, target, header }) => {
  const body = accepted(put(FULL_REQUEST, ['health_check', 'target'], target), { healthCheckTarget: form });
  const sent: Request[] = [];
  const client = new Cloudflare({
    apiToken: 'token',
    baseURL: 'https://cloudflare.test',
    maxRetries: 0,
    fetch: async (url, init) => {
      sent.push(new Request(url, init));
      return Response.json({ success: true, errors: [], messages: [], result: {} });
    },
  });

  await client.magicTransit.ipsecTunnels.create({
    ...body,
    account_id: ACCOUNT_ID,
    ...(form === 'object' && { [HEALTH_CHECK_TARGET_HEADER]: true }),
  });

  const [request, ...others] = sent;
  expect(others).toEqual([]);
  expect(request?.method).toBe('POST');
  expect(request?.url).toBe(`https://cloudflare.test${ipsecTunnelsPath(ACCOUNT_ID)}`);
  expect(request?.headers.get(HEALTH_CHECK_TARGET_HEADER)).toBe(header);
  expect(await request?.json()).toStrictEqual(body);
});
