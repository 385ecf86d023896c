import { spawnSync } from 'node:child_process';
import { parse } from '@cdktn/hcl2json';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exportedTunnel, tunnelToCreate } from '../../../src/ipsec-tunnels/export/exported-tunnel.ts';
import { hclString } from '../../../src/ipsec-tunnels/export/hcl.ts';
import { toTerraform } from '../../../src/ipsec-tunnels/export/terraform.ts';
import { FULL_REQUEST, MINIMAL_REQUEST } from '../validating.ts';
import {
  ACCOUNT_ID,
  EXPORTED_REQUEST,
  exportedRequest,
  FULL_TUNNEL,
  hostileText,
  KEY,
  md5Characters,
  tunnelOf,
} from './tunnels.ts';

const RESOURCE = 'cloudflare_magic_wan_ipsec_tunnel';

const configurationSchema = z.object({
  terraform: z.array(z.looseObject({ required_version: z.string().optional() })),
  variable: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))).optional(),
  import: z.array(z.object({ to: z.string(), id: z.string() })).optional(),
  resource: z.object({ [RESOURCE]: z.record(z.string(), z.array(z.record(z.string(), z.unknown()))) }),
});

/** What HashiCorp's parser reads; it throws on a syntax error. */
async function parsed(text: string) {
  const configuration = configurationSchema.parse(await parse('main.tf', text));
  const resources = Object.entries(configuration.resource[RESOURCE]).map(([identifier, [attributes]]) => ({
    identifier,
    attributes: literal(attributes),
  }));
  return { ...configuration, resources };
}

/** How the parser gives back what is no literal. */
function expression(code: string): string {
  return `\${${code}}`;
}

/** The values of texts in which nothing is a template; the parser leaves its escapes as they are written. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^\$\{var\.[a-z0-9_]+\}$/.test(value)) return value;
    expect(value).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
    return value.replaceAll(/([$%])\1\{/g, (_, sign: string) => `${sign}{`);
  }
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}

/** Terraform normalizes every text (Unicode NFC), and takes no half of a surrogate pair. */
function asTerraformReads(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().normalize('NFC') : inner,
  );
}

/** The request as the resource has it: the target as an object, and no filter profiles. */
function asAttributes({ health_check, bgp, ...rest }: Record<string, unknown>): unknown {
  const { target, ...checked } = { ...Object(health_check) };
  const { import_filter_id: _, export_filter_id: __, ...spoken } = { ...Object(bgp) };
  return asTerraformReads({
    account_id: ACCOUNT_ID,
    ...rest,
    health_check: {
      enabled: true,
      rate: 'mid',
      type: 'reply',
      direction: 'bidirectional',
      ...checked,
      ...(target === undefined ? {} : { target: { saved: target } }),
    },
    ...(bgp === undefined ? {} : { bgp: spoken }),
  });
}

describe('an existing tunnel in Terraform', () => {
  it('is a resource with every attribute, a sensitive variable for its key, and an import block', async () => {
    const text = toTerraform([exportedTunnel(FULL_TUNNEL)], ACCOUNT_ID);
    const { terraform, variable, import: imports, resources } = await parsed(text);
    expect(resources).toEqual([
      {
        identifier: 'branch_1',
        attributes: { ...Object(asAttributes(EXPORTED_REQUEST)), psk: expression('var.branch_1_psk') },
      },
    ]);
    expect(variable).toEqual({
      branch_1_psk: [{ description: 'The pre-shared key of branch-1.', type: expression('string'), sensitive: true }],
    });
    expect(imports).toEqual([{ to: expression(`${RESOURCE}.branch_1`), id: `${ACCOUNT_ID}/${FULL_TUNNEL.id}` }]);
    expect(terraform).toEqual([
      {
        required_version: '>= 1.5',
        required_providers: [{ cloudflare: { source: 'cloudflare/cloudflare', version: '~> 5.22' } }],
      },
    ]);
  });

  it('names the filter profiles, which the provider cannot set, in a comment', () => {
    const text = toTerraform([exportedTunnel(FULL_TUNNEL)], ACCOUNT_ID);
    expect(text).toContain(`    # import_filter_id = "${EXPORTED_REQUEST.bgp.import_filter_id}"\n`);
    expect(text).toContain(`    # export_filter_id = "${EXPORTED_REQUEST.bgp.export_filter_id}"\n`);
    expect(toTerraform([tunnelToCreate(MINIMAL_REQUEST)], ACCOUNT_ID)).not.toContain('#');
  });

  it('has no variable where it has no key', async () => {
    const { variable, resources } = await parsed(
      toTerraform([exportedTunnel({ ...FULL_TUNNEL, psk_metadata: {} })], ACCOUNT_ID),
    );
    expect(variable).toBeUndefined();
    expect(resources[0]?.attributes).not.toHaveProperty('psk');
  });
});

describe('a tunnel in Terraform before it is created', () => {
  it('has no import block, and its key is a variable', async () => {
    const text = toTerraform([tunnelToCreate(FULL_REQUEST)], ACCOUNT_ID);
    const { terraform, import: imports, resources } = await parsed(text);
    expect(imports).toBeUndefined();
    expect(terraform[0]?.required_version).toBeUndefined();
    expect(resources[0]?.attributes).toMatchObject({ psk: expression('var.branch_1_psk') });
    expect(text).not.toContain(KEY);
  });

  it('always has all four fields of the health check, on whose direction provider and Cloudflare disagree', async () => {
    const { resources } = await parsed(toTerraform([tunnelToCreate(MINIMAL_REQUEST)], ACCOUNT_ID));
    expect(resources[0]?.attributes).toEqual({
      account_id: ACCOUNT_ID,
      ...MINIMAL_REQUEST,
      health_check: { enabled: true, rate: 'mid', type: 'reply', direction: 'bidirectional' },
    });
  });

  it.each([
    { request: {}, why: 'nothing is filled in' },
    { request: { bgp: {} }, why: 'BGP lacks its ASN' },
    { request: { bgp: { customer_asn: 'AS"65001' } }, why: 'the ASN is no number' },
  ])('is readable where $why', async ({ request }) => {
    const { resources } = await parsed(toTerraform([tunnelToCreate(request)], ACCOUNT_ID));
    expect(resources[0]?.attributes).toMatchObject(request);
  });
});

describe('the texts', () => {
  it('of any tunnels are read as they are, each under an identifier of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exportedRequest, { minLength: 1, maxLength: 3 }), async (requests) => {
        const tunnels = requests.map((request) => exportedTunnel({ ...tunnelOf(request), psk_metadata: {} }));
        const { resources } = await parsed(toTerraform(tunnels, ACCOUNT_ID));
        expect(resources).toHaveLength(requests.length);
        for (const request of requests) {
          expect(resources.map(({ attributes }) => attributes)).toContainEqual(asAttributes(request));
        }
        for (const { identifier } of resources) expect(identifier).toMatch(/^[a-z][a-z0-9_]*$/);
      }),
    );
  });

  it('keep every character that an MD5 key can have', async () => {
    const md5_key = [...md5Characters(), ...md5Characters().reverse()].join('');
    const request = { ...EXPORTED_REQUEST, bgp: { customer_asn: 65001, md5_key } };
    const { resources } = await parsed(toTerraform([tunnelToCreate(request)], ACCOUNT_ID));
    expect(resources[0]?.attributes).toMatchObject({ bgp: { md5_key } });
  });

  it('show what nobody would see as codes', () => {
    expect(hclString('a\u202eb\u{e0001}\0')).toBe(String.raw`"a\u202eb\U000e0001\u0000"`);
  });
});

describe('the identifier', () => {
  it.each([
    { names: ['branch-ams-1'], identifiers: ['branch_ams_1'], why: 'hyphens are no part of one by convention' },
    { names: ['Zürich  HQ!'], identifiers: ['zurich_hq'], why: 'letters stay readable' },
    { names: ['10-gig'], identifiers: ['tunnel_10_gig'], why: 'none begins with a digit' },
    { names: ['東京', '…'], identifiers: ['tunnel', 'tunnel_2'], why: 'something has to be there' },
    { names: ['a', 'A', 'a_2', 'a'], identifiers: ['a', 'a_2', 'a_2_2', 'a_3'], why: 'none is there twice' },
  ])('of $names is $identifiers: $why', async ({ names, identifiers }) => {
    const tunnels = names.map((name) => tunnelToCreate({ ...MINIMAL_REQUEST, name }));
    const text = toTerraform(tunnels, ACCOUNT_ID);
    expect(Array.from(text.matchAll(/^resource "\w+" "(.+)" \{$/gm), ([, identifier]) => identifier)).toEqual(
      identifiers,
    );
  });
});

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
/** Terraform asks nobody for newer versions. */
const QUIET = { ...process.env, CHECKPOINT_DISABLE: '1' };

describe.skipIf(!hasTerraform)('Terraform itself (skipped where `terraform` is not on the PATH)', () => {
  it('finds nothing to format', () => {
    const tunnels = fc.sample(exportedRequest, 200).map((request) => exportedTunnel(tunnelOf(request)));
    const inputs = [
      toTerraform([exportedTunnel(FULL_TUNNEL), ...tunnels], ACCOUNT_ID),
      toTerraform([tunnelToCreate(FULL_REQUEST)], ACCOUNT_ID),
      toTerraform([tunnelToCreate({})], ACCOUNT_ID),
    ];
    for (const input of inputs) {
      const { status, stdout, stderr } = spawnSync('terraform', ['fmt', '-check', '-diff', '-'], {
        input,
        env: QUIET,
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    }
  });

  it('evaluates every text to itself', () => {
    const texts = [
      ...fc.sample(hostileText, 200),
      md5Characters().join(''),
      expression('path.module'),
      '$${a}',
      '%{if true}',
    ];
    const input = `base64encode(jsonencode([${texts.map(hclString).join(', ')}]))`;
    const { stdout } = spawnSync('terraform', ['console'], {
      input,
      env: QUIET,
      encoding: 'utf8',
      cwd: import.meta.dirname,
    });
    const json = Buffer.from(stdout.replaceAll('"', ''), 'base64').toString();
    expect(JSON.parse(json)).toEqual(asTerraformReads(texts));
  });
});
