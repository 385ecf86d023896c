// Tunnels as Terraform configuration, for version 5 of Cloudflare's provider.
//
// Source: `docs/resources/magic_wan_ipsec_tunnel.md` of cloudflare/terraform-provider-cloudflare v5.22.0. Groups are nested
// attributes there, no blocks.

import type { ExportedRequest, ExportedTunnel } from './exported-tunnel.ts';
import { type HclEntry, hclBlock, hclIdentifier, hclString } from './hcl.ts';

const RESOURCE = 'cloudflare_magic_wan_ipsec_tunnel';
/** The first version with `import` blocks. */
const TERRAFORM_VERSION = '>= 1.5';
const PROVIDER_VERSION = '~> 5.22';

/**
 * A configuration of its own: the provider, then each tunnel with the variable of its key, and an `import` block where it
 * exists already. A key is a sensitive variable, never a value.
 */
export function toTerraform(tunnels: readonly ExportedTunnel[], accountId: string): string {
  const identifiers = uniqueIdentifiers(tunnels.map(({ request }) => request.name ?? ''));
  const blocks = tunnels.flatMap((tunnel, index) => tunnelBlocks(tunnel, identifiers[index] ?? '', accountId));
  return [providerBlock(tunnels.some(({ id }) => id !== undefined)), ...blocks].join('\n');
}

function providerBlock(hasImports: boolean): string {
  const providers = ['  required_providers {', '    cloudflare = {', '      source  = "cloudflare/cloudflare"'];
  return [
    'terraform {',
    ...(hasImports ? [`  required_version = ${hclString(TERRAFORM_VERSION)}`, ''] : []),
    ...providers,
    `      version = ${hclString(PROVIDER_VERSION)}`,
    '    }',
    '  }',
    '}',
    '',
  ].join('\n');
}

function tunnelBlocks({ request, id, hasKey }: ExportedTunnel, identifier: string, accountId: string): string[] {
  const keyVariable = `${identifier}_psk`;
  const variable = hclBlock(`variable "${keyVariable}"`, [
    { name: 'description', value: hclString(`The pre-shared key of ${request.name ?? 'the tunnel'}.`) },
    { name: 'type', value: 'string' },
    { name: 'sensitive', value: 'true' },
  ]);
  const importBlock =
    id === undefined
      ? []
      : [
          hclBlock('import', [
            { name: 'to', value: `${RESOURCE}.${identifier}` },
            { name: 'id', value: hclString(`${accountId}/${id}`) },
          ]),
        ];
  const resource = hclBlock(`resource "${RESOURCE}" "${identifier}"`, [
    { name: 'account_id', value: hclString(accountId) },
    ...texts(request, ['name', 'description', 'cloudflare_endpoint', 'customer_endpoint']),
    ...texts(request, ['interface_address', 'interface_address6']),
    ...(hasKey ? keyEntries(keyVariable, id !== undefined) : []),
    ...flags(request),
    ...identityEntries(request.custom_remote_identities),
    { name: 'health_check', body: healthCheck(request.health_check) },
    ...bgpEntries(request.bgp),
  ]);
  return [...(hasKey ? [variable] : []), ...importBlock, resource];
}

function keyEntries(variable: string, exists: boolean): HclEntry[] {
  const value = { name: 'psk', value: `var.${variable}` };
  if (!exists) return [value];
  const whatHappens =
    'Cloudflare never returns the key: the first plan shows it as a change, and applying sends it again.';
  return [{ comment: whatHappens }, value];
}

/** All four fields: the provider's default of the direction is another than Cloudflare's for Magic WAN. */
function healthCheck(group: ExportedRequest['health_check']): HclEntry[] {
  const { enabled = true, rate = 'mid', type = 'reply', direction = 'bidirectional', target } = group ?? {};
  return [
    { name: 'enabled', value: String(enabled) },
    { name: 'rate', value: hclString(rate) },
    { name: 'type', value: hclString(type) },
    { name: 'direction', value: hclString(direction) },
    ...(target === undefined ? [] : [{ name: 'target', body: texts({ saved: target }, ['saved']) }]),
  ];
}

function bgpEntries(bgp: ExportedRequest['bgp']): HclEntry[] {
  if (bgp === undefined) return [];
  const { customer_asn: asn, extra_prefixes: prefixes } = bgp;
  const filters = texts(bgp, ['import_filter_id', 'export_filter_id']);
  const body: HclEntry[] = [
    ...(asn === undefined
      ? []
      : [{ name: 'customer_asn', value: typeof asn === 'number' ? String(asn) : hclString(asn) }]),
    ...texts(bgp, ['md5_key']),
    ...(prefixes === undefined ? [] : [{ name: 'extra_prefixes', value: `[${prefixes.map(hclString).join(', ')}]` }]),
    ...(filters.length === 0
      ? []
      : [{ comment: 'The provider cannot set filter profiles. Check after applying that the tunnel has:' }]),
    ...filters.map((filter) => ('value' in filter ? { comment: `${filter.name} = ${filter.value}` } : filter)),
  ];
  return [{ name: 'bgp', body }];
}

function identityEntries(identities: ExportedRequest['custom_remote_identities']): HclEntry[] {
  return identities === undefined ? [] : [{ name: 'custom_remote_identities', body: texts(identities, ['fqdn_id']) }];
}

function flags(request: ExportedRequest): HclEntry[] {
  const names = ['replay_protection', 'automatic_return_routing'] as const;
  return names.flatMap((name) => {
    const value = request[name];
    return value === undefined ? [] : [{ name, value: String(value) }];
  });
}

function texts<Name extends string>(
  source: { readonly [Key in Name]?: string | undefined },
  names: readonly Name[],
): HclEntry[] {
  return names.flatMap((name) => {
    const value = source[name];
    return value === undefined ? [] : [{ name, value: hclString(value) }];
  });
}

/** An identifier for each name, each of them once. */
function uniqueIdentifiers(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const lastNumbers = new Map<string, number>();
  return names.map((name) => {
    const wanted = identifierFor(name);
    let number = lastNumbers.get(wanted) ?? 1;
    let identifier = wanted;
    for (; taken.has(identifier); identifier = `${wanted}_${number}`) number += 1;
    lastNumbers.set(wanted, number);
    taken.add(identifier);
    return identifier;
  });
}

function identifierFor(name: string): string {
  return hclIdentifier(name) ?? hclIdentifier(`tunnel ${name}`) ?? 'tunnel';
}
