import { sessionSchema } from '@tunnel-desk/shared/api/session';
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { askApi, startDesk, upstreamAt } from '../support/desk.ts';
import { ACCOUNT_ID } from '../support/samples.ts';

async function sessionOf(environment: NodeJS.ProcessEnv) {
  const { status, envelope } = await askApi(`${(await startDesk(environment)).origin}/api/session`);
  expect(status).toBe(200);
  expect(envelope.success).toBe(true);
  // Strictly: the session is all that the page learns, so nothing else may stand in it.
  return sessionSchema.strict().parse(envelope.result);
}

it('tells the page that it is before the sandbox, and what the form needs', async () => {
  expect(await sessionOf({})).toEqual({
    mode: 'sandbox',
    person: { name: 'Local operator' },
    accounts: [{ id: ACCOUNT_ID, label: 'Head office', mayChange: true }],
    rules: { interfaceAddressRules: 'reference' },
    cloudflareEndpoints: ['198.51.100.1', '203.0.113.1'],
    version: packageJson.version,
  });
});

it('tells the page that it is before Cloudflare, with the rules and endpoints it is configured with', async () => {
  const configured = {
    CLOUDFLARE_ENDPOINTS: '192.0.2.1,192.0.2.2',
    INTERFACE_ADDRESS_RULES: 'guide',
    VIRTUAL_SUBNET6: '2001:db8:1::/64',
    INTERFACE_ADDRESS_POOL: '10.4.0.0/16,10.9.0.0/24',
  };
  expect(await sessionOf({ ...upstreamAt('https://cloudflare.example'), ...configured })).toMatchObject({
    mode: 'cloudflare',
    rules: {
      interfaceAddressRules: 'guide',
      virtualSubnet6: '2001:db8:1::/64',
      interfaceAddressPool: ['10.4.0.0/16', '10.9.0.0/24'],
    },
    cloudflareEndpoints: ['192.0.2.1', '192.0.2.2'],
  });
});
