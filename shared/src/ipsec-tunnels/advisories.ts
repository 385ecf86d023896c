// What good practice advises of a request that is not wrong. An advisory warns and never blocks sending.

import { changesDirection, describeCharacter, invisibleCharacters, plainText, revealInvisible } from '../characters.ts';
import { formatIp, type IpAddress, parseIp } from '../ip/address.ts';
import { type Cidr, cidr, contains, formatCidr, parseCidr } from '../ip/cidr.ts';
import { notPublicKind, specialKind } from '../ip/special-addresses.ts';
import { valueAt } from '../value-at.ts';
import { MAX_NAMED, type Matches, type NamedTunnel, type TunnelIndex, type TunnelKind } from './conflicts.ts';
import { isNumericIdentity } from './fields.ts';
import { GUIDE_LINK_LOCAL_BLOCK, type InterfaceAddressRules } from './interface-address.ts';
import type { CreateIpsecTunnelRequest, IpsecTunnelField } from './request.ts';

/**
 * `conflict`: Cloudflare will refuse it, because of another tunnel. `risk`: it may not work, or not as meant.
 * `note`: worth knowing, and no reason to change anything.
 */
export type Severity = 'conflict' | 'risk' | 'note';

export interface Advisory {
  readonly path: readonly (string | number)[];
  /** A sentence that says whose advice it is. */
  readonly message: string;
  readonly severity: Severity;
  /** The value to put there instead, only where it is certain to be what was meant. */
  readonly suggestion?: string | undefined;
}

/** What is known beyond the request itself. */
export interface AdvisoryContext {
  /** The account's other tunnels, as far as they are known. */
  readonly otherTunnels: TunnelIndex;
  /** The anycast addresses Cloudflare assigned to the account, where they are known. */
  readonly cloudflareEndpoints?: readonly string[];
  readonly interfaceAddressRules: InterfaceAddressRules;
}

/** A request that may be half typed: advice is given on the fields that are there and readable. */
export type DraftRequest = { readonly [Key in keyof CreateIpsecTunnelRequest]?: unknown };

/** Cloudflare's stated maximum, and Linux's for its TCP-MD5 option (TCP_MD5SIG_MAXKEYLEN). */
const MAX_MD5_KEY_LENGTH = 80;
const MIN_PSK_LENGTH = 16;
const MAX_DESCRIPTION_LENGTH = 1024;
const CLOUDFLARE_ASN = 13335;
/** Once the target of policy-routed health checks; Cloudflare's guide no longer has it. */
const RETIRED_TARGET_BLOCK = cidr('172.64.240.252/30');
const LINK_LOCAL_IPV4_BLOCK = cidr('169.254.0.0/16');

/** ASNs that no router can have, by the RFC that reserves them. */
export const RESERVED_ASNS: ReadonlyMap<number, string> = new Map([
  [0, 'RFC 7607'],
  [23456, 'RFC 6793'],
  [65535, 'RFC 7300'],
  [4294967295, 'RFC 7300'],
]);

/** A path of the request: that of a field, or of a group of them. */
export type RequestPath = IpsecTunnelField | 'bgp' | 'health_check' | 'custom_remote_identities';

/** What is advised on one field. */
export interface AdvisoryRule {
  readonly field: IpsecTunnelField;
  /** The paths whose values it looks at; when none of them has changed, it says what it said before. */
  readonly dependsOn: readonly RequestPath[];
  readonly advise: (request: DraftRequest, context: AdvisoryContext) => Advisory[];
}

/** An advisory as its rule sees it; `index` is the entry of a list it is about. */
type Advice = Omit<Advisory, 'path'> & { readonly index?: number };

/**
 * A rule for a field. It gets the field's value, the context, and a function that reads the other paths it has declared:
 * it cannot depend on a path that it does not name.
 */
function rule<const Other extends RequestPath = never>(
  field: IpsecTunnelField,
  others: readonly Other[],
  advise: (value: unknown, context: AdvisoryContext, read: (path: Other) => unknown) => Iterable<Advice>,
): AdvisoryRule {
  const path = field.split('.');
  const paths = new Map<RequestPath, readonly string[]>(others.map((other) => [other, other.split('.')]));
  return {
    field,
    dependsOn: [field, ...others],
    advise(request, context) {
      const read = (other: Other) => valueAt(request, paths.get(other) ?? []);
      const found: Advisory[] = [];
      for (const { index, ...advisory } of advise(valueAt(request, path), context, read)) {
        found.push({ path: index === undefined ? path : [...path, index], ...advisory });
      }
      return found;
    },
  };
}

/** Every rule, in the order of the fields; at most one for a field. */
export const ADVISORY_RULES: readonly AdvisoryRule[] = [
  rule('name', [], adviseOnName),
  rule('description', [], adviseOnDescription),
  rule('cloudflare_endpoint', [], adviseOnCloudflareEndpoint),
  rule('customer_endpoint', ['cloudflare_endpoint'], adviseOnCustomerEndpoint),
  rule('interface_address', ['bgp'], adviseOnInterfaceAddress),
  rule('interface_address6', [], adviseOnInterfaceAddress6),
  rule('psk', [], adviseOnPsk),
  rule('replay_protection', [], adviseOnReplayProtection),
  rule('custom_remote_identities.fqdn_id', ['cloudflare_endpoint'], adviseOnFqdnId),
  rule('health_check.enabled', [], adviseOnHealthCheckEnabled),
  rule('health_check.type', ['health_check.enabled'], adviseOnHealthCheckType),
  rule('health_check.direction', ['health_check.enabled'], adviseOnHealthCheckDirection),
  rule('health_check.target', ['health_check.direction'], adviseOnHealthCheckTarget),
  rule('bgp.customer_asn', [], adviseOnCustomerAsn),
  rule('bgp.md5_key', [], adviseOnMd5Key),
  rule('bgp.extra_prefixes', [], adviseOnExtraPrefixes),
  rule('automatic_return_routing', [], adviseOnAutomaticReturnRouting),
];

const RULES_BY_FIELD: ReadonlyMap<string, AdvisoryRule> = new Map(ADVISORY_RULES.map((each) => [each.field, each]));

/**
 * Every advisory on the request, in the order of its fields. Fields that are absent or of the wrong type get
 * no advice beyond what their absence deserves: that they are wrong is the schema's to say.
 */
export function adviseOn(request: DraftRequest, context: AdvisoryContext): Advisory[] {
  return ADVISORY_RULES.flatMap(({ advise }) => advise(request, context));
}

/** The advisories on one field, as {@link adviseOn} gives them. */
export function adviseOnField(field: IpsecTunnelField, request: DraftRequest, context: AdvisoryContext): Advisory[] {
  return RULES_BY_FIELD.get(field)?.advise(request, context) ?? [];
}

/**
 * The fields whose advisories may differ once the value at the path has changed, the field itself among them.
 * A group stands for all that is in it. When the context has changed, all may differ.
 */
export function fieldsAdvisedBy(changed: RequestPath): IpsecTunnelField[] {
  return ADVISORY_RULES.filter(({ dependsOn }) =>
    dependsOn.some((path) => path === changed || path.startsWith(`${changed}.`) || changed.startsWith(`${path}.`)),
  ).map(({ field }) => field);
}

const conflict = (message: string, rest: Partial<Advice> = {}): Advice => ({ ...rest, severity: 'conflict', message });
const risk = (message: string, rest: Partial<Advice> = {}): Advice => ({ ...rest, severity: 'risk', message });
const note = (message: string, rest: Partial<Advice> = {}): Advice => ({ ...rest, severity: 'note', message });

function* adviseOnName(name: unknown, { otherTunnels }: AdvisoryContext): Iterable<Advice> {
  if (typeof name !== 'string' || name.trim() === '') return;
  const [namesake] = otherTunnels.named(name).first;
  if (namesake !== undefined) {
    const { indefinite, refusal } = WORDS[namesake.kind];
    yield conflict(`This account already has ${indefinite} named ${revealInvisible(name)}. ${refusal}`);
  }
  const alike = otherTunnels.nearlyNamed(name);
  if (alike.count > 0) {
    yield risk(
      `This is easily mistaken for the name of another tunnel: ${namesOf(alike)}. Good practice: distinct names.`,
    );
  }
  if (PLAIN_NAME.test(name)) return;
  const hidden = invisibleCharacters(name);
  const sentences = [
    "Cloudflare's guide asks for a name without spaces or special characters: letters, digits, - _ and . only.",
    ...hidden
      .slice(0, MAX_NAMED)
      .map(({ character, position }) => `Character ${position} is ${describeCharacter(character)}.`),
    ...(hidden.length > MAX_NAMED ? [`${inWords(hidden.length - MAX_NAMED)} more are invisible too.`] : []),
  ];
  yield risk(sentences.join(' '), { suggestion: plainName(name, otherTunnels) });
}

const PLAIN_NAME = /^[A-Za-z0-9._-]+$/;

/** The name with hyphens for blanks and without what nobody sees, where that is all that is unusual about it. */
function plainName(name: string, otherTunnels: TunnelIndex): string | undefined {
  const plain = plainText(name).trim().replaceAll(/ +/g, '-');
  const isFree = otherTunnels.named(plain).count + otherTunnels.nearlyNamed(plain).count === 0;
  return PLAIN_NAME.test(plain) && isFree ? plain : undefined;
}

function* adviseOnDescription(description: unknown): Iterable<Advice> {
  if (typeof description !== 'string') return;
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    yield note(
      `This is ${description.length.toLocaleString('en')} characters long. Good practice: at most ` +
        `${MAX_DESCRIPTION_LENGTH.toLocaleString('en')}, because every list and every entry of the audit log repeats it.`,
    );
  }
  if (!changesDirection(description)) return;
  const [first] = invisibleCharacters(description).filter(({ character }) => changesDirection(character));
  if (first === undefined) return;
  yield risk(
    `Character ${first.position} is ${describeCharacter(first.character)}. It can show the text in another order than it is in.`,
  );
}

function* adviseOnCloudflareEndpoint(
  endpoint: unknown,
  { cloudflareEndpoints = [] }: AdvisoryContext,
): Iterable<Advice> {
  const address = addressIn(endpoint);
  if (address === undefined) return;
  const kind = specialKind(address);
  if (kind !== undefined) {
    yield risk(
      `This is ${withArticle(kind)} address. Cloudflare's guide asks for one of the two anycast addresses assigned to your account.`,
    );
  } else if (cloudflareEndpoints.length > 0 && !cloudflareEndpoints.some((each) => isSame(addressIn(each), address))) {
    yield risk(
      `This is not one of your account's addresses, ${cloudflareEndpoints.join(', ')}. Cloudflare's guide asks for one of them.`,
    );
  }
}

function* adviseOnCustomerEndpoint(
  endpoint: unknown,
  { otherTunnels }: AdvisoryContext,
  read: (path: 'cloudflare_endpoint') => unknown,
): Iterable<Advice> {
  if (endpoint === undefined) {
    yield note(
      "Without it proactive traceroutes will not work (Cloudflare's API reference), and routers whose IKE ID is of type ID_IPV4_ADDR need it (Cloudflare's guide).",
    );
    return;
  }
  const address = addressIn(endpoint);
  if (address === undefined) return;
  const kind = notPublicKind(address);
  if (kind !== undefined) {
    yield risk(
      `This is ${withArticle(kind)} address, which is not publicly routable. Good practice: your router's public address.`,
    );
  }
  const cloudflareEndpoint = addressIn(read('cloudflare_endpoint'));
  if (cloudflareEndpoint === undefined) return;
  if (isSame(cloudflareEndpoint, address)) {
    yield risk('This is the Cloudflare endpoint too. The customer endpoint is the address of your own router.');
    return;
  }
  const twins = otherTunnels.withEndpoints(formatIp(cloudflareEndpoint), formatIp(address));
  if (twins.count > 0) {
    yield risk(
      `${namesOf(twins)} ${twins.count === 1 ? 'has' : 'have'} the same pair of endpoints. Cloudflare's guide: an IKE ID of type ID_IPV4_ADDR can't tell them apart.`,
    );
  }
}

function* adviseOnInterfaceAddress(
  text: unknown,
  { otherTunnels, interfaceAddressRules }: AdvisoryContext,
  read: (path: 'bgp') => unknown,
): Iterable<Advice> {
  const subnet = typeof text === 'string' ? parseCidr(text) : undefined;
  if (subnet === undefined) return;
  yield* adviseOnOverlaps(subnet, otherTunnels);
  // Under the reference's rules both are issues, which say what would allow them.
  if (interfaceAddressRules === 'guide' && subnet.prefixLength === 30) {
    yield note(
      "A /30 is allowed by Cloudflare's guide, but not by its API reference, which asks for a /31. Validate before you create.",
    );
  }
  if (interfaceAddressRules === 'guide' && contains(GUIDE_LINK_LOCAL_BLOCK, subnet.address)) {
    yield note(
      "169.254.240.0/20 is allowed by Cloudflare's guide, but not by its API reference. Validate before you create.",
    );
  }
  if (contains(LINK_LOCAL_IPV4_BLOCK, subnet.address) && read('bgp') !== undefined) {
    yield risk("Cloudflare's guide: Azure starts no BGP session with a peer in 169.254.0.0/16 that is Cloudflare's.");
  }
}

function* adviseOnInterfaceAddress6(text: unknown, { otherTunnels }: AdvisoryContext): Iterable<Advice> {
  const subnet = typeof text === 'string' ? parseCidr(text) : undefined;
  if (subnet !== undefined) yield* adviseOnOverlaps(subnet, otherTunnels);
}

function* adviseOnOverlaps(subnet: Cidr, otherTunnels: TunnelIndex): Iterable<Advice> {
  const { count, first } = otherTunnels.overlapping(subnet);
  for (const { text, of } of first) {
    yield risk(
      `This overlaps ${text} of the ${WORDS[of.kind].noun} ${revealInvisible(of.name)}. Good practice: one subnet per tunnel.`,
    );
  }
  if (count > first.length) yield risk(`This overlaps ${inWords(count - first.length)} more.`);
}

/** No message repeats the key, and no suggestion holds it. */
function* adviseOnPsk(psk: unknown): Iterable<Advice> {
  if (psk === undefined) {
    yield note("Cloudflare's guide: the tunnel carries no traffic until a pre-shared key is generated or set.");
  }
  if (typeof psk !== 'string' || psk === '') return;
  const length = [...psk].length;
  if (length < MIN_PSK_LENGTH) {
    yield risk(`Good practice asks for ${MIN_PSK_LENGTH} characters or more; this has ${length}.`);
  }
  const trimmed = psk.trim();
  if (trimmed !== psk) {
    yield risk('This begins or ends with white space. Good practice: a key without it, because routers often drop it.');
  }
  if (/^["'`“”„‟‘’‚‛«»‹›]|["'`“”„‟‘’‚‛«»‹›]$/.test(trimmed)) {
    yield risk(
      'This begins or ends with a quotation mark, which is often pasted along. Check that it is part of the key.',
    );
  }
  if (trimmed.includes('\\')) {
    yield risk('This contains a backslash. Good practice: a key without it, because routers read it differently.');
  }
  if (/[^ -~]/.test(trimmed)) {
    yield risk(
      'This contains characters beyond ASCII. Good practice: letters, digits and signs, because routers encode others differently.',
    );
  }
}

function* adviseOnReplayProtection(enabled: unknown): Iterable<Advice> {
  if (enabled !== true) return;
  yield risk(
    "Cloudflare's guide advises this only for devices that cannot turn it off: Cisco Meraki, VeloCloud, AWS, Azure and Google VPN gateways, pfSense.",
  );
}

function* adviseOnFqdnId(
  fqdnId: unknown,
  { otherTunnels }: AdvisoryContext,
  read: (path: 'cloudflare_endpoint') => unknown,
): Iterable<Advice> {
  if (typeof fqdnId !== 'string') return;
  if (isNumericIdentity(fqdnId)) {
    yield risk('This contains a numeric account ID: check it against the dashboard.');
  }
  const endpoint = read('cloudflare_endpoint');
  const twins = typeof endpoint === 'string' ? otherTunnels.withIdentity(fqdnId, endpoint) : undefined;
  if (twins !== undefined && twins.count > 0) {
    yield conflict(
      `The tunnel ${namesOf(twins)} has this identity on the same Cloudflare endpoint. Cloudflare's API reference: two tunnels cannot share both.`,
    );
  }
}

function* adviseOnHealthCheckEnabled(enabled: unknown): Iterable<Advice> {
  if (enabled === false) {
    yield risk(
      "Cloudflare's guide: without health checks the tunnel shows as down in Cloudflare's dashboard even when it works.",
    );
  }
}

function* adviseOnHealthCheckType(
  type: unknown,
  _: AdvisoryContext,
  read: (path: 'health_check.enabled') => unknown,
): Iterable<Advice> {
  if (read('health_check.enabled') === false || (type !== undefined && type !== 'reply')) return;
  yield note(
    "Cloudflare's guide: firewalls may drop reply probes. Choose request if yours does. Linux routers drop them too unless accept_local is on.",
  );
}

function* adviseOnHealthCheckDirection(
  direction: unknown,
  _: AdvisoryContext,
  read: (path: 'health_check.enabled') => unknown,
): Iterable<Advice> {
  if (read('health_check.enabled') === false || direction !== undefined) return;
  yield note(
    "Which direction is the default is not certain: Cloudflare's guide says bidirectional for Magic WAN, its Terraform provider unidirectional.",
  );
}

function* adviseOnHealthCheckTarget(
  target: unknown,
  _: AdvisoryContext,
  read: (path: 'health_check.direction') => unknown,
): Iterable<Advice> {
  if (target === undefined) return;
  if (read('health_check.direction') === 'bidirectional') {
    yield note(
      "Cloudflare's API reference: the target is ignored while the direction is bidirectional. Its guides for Azure, Google and Meraki set it all the same. It is sent.",
    );
  }
  const address = addressIn(typeof target === 'object' && target !== null && 'saved' in target ? target.saved : target);
  if (address !== undefined && contains(RETIRED_TARGET_BLOCK, address)) {
    yield risk(
      `${formatIp(address)} is in ${formatCidr(RETIRED_TARGET_BLOCK)}, a range for health checks that Cloudflare has retired. Cloudflare's guide: use an address of your own network.`,
    );
  }
}

function* adviseOnCustomerAsn(asn: unknown, { otherTunnels }: AdvisoryContext): Iterable<Advice> {
  if (typeof asn !== 'number') return;
  const reservedBy = RESERVED_ASNS.get(asn);
  if (reservedBy !== undefined) {
    yield risk(`AS ${asn} is reserved (${reservedBy}). Good practice: an ASN assigned to you, or a private one.`);
  }
  if (asn === CLOUDFLARE_ASN) {
    yield risk(
      `AS ${CLOUDFLARE_ASN} is Cloudflare's default for your account, and Cloudflare's guide supports eBGP only: the two sides need different ASNs.`,
    );
  }
  const others = otherTunnels.withAsn(asn);
  if (others.count > 0) {
    yield note(
      `${namesOf(others)} ${others.count === 1 ? 'uses' : 'use'} this ASN too. Cloudflare's guide: tunnels with one ASN exchange no routes with each other unless duplicates are allowed.`,
    );
  }
}

function* adviseOnMd5Key(key: unknown): Iterable<Advice> {
  if (typeof key !== 'string' || key === '') return;
  yield note("Cloudflare's API reference: not a security measure, it only guards against misconfiguration.");
  if (key.length > MAX_MD5_KEY_LENGTH) {
    yield risk(
      `Cloudflare's stated maximum is ${MAX_MD5_KEY_LENGTH} characters, as is that of Linux routers; this has ${key.length}.`,
    );
  }
  if (key.includes(' ')) yield risk('This contains a space, which a router that runs FRR cannot take.');
}

function* adviseOnExtraPrefixes(prefixes: unknown): Iterable<Advice> {
  if (!Array.isArray(prefixes)) return;
  const seen = new Set<string>();
  for (const [index, prefix] of prefixes.entries()) {
    const block = typeof prefix === 'string' ? parseCidr(prefix) : undefined;
    if (block === undefined) continue;
    // Canonical, because IPv6 has many spellings of one prefix.
    const text = formatCidr(block);
    if (seen.has(text)) yield note(`${text} is listed twice. Good practice: once is enough.`, { index });
    seen.add(text);
    if (block.address.version === 6) {
      yield risk(`${text} is IPv6. Cloudflare's guide documents the Magic routing table for IPv4.`, { index });
    }
  }
}

function* adviseOnAutomaticReturnRouting(enabled: unknown): Iterable<Advice> {
  if (enabled !== true) return;
  yield risk("Cloudflare's API refuses this unless your account has the coupler_integration flag.");
}

interface KindWords {
  readonly noun: string;
  readonly indefinite: string;
  /** What comes of giving its name to an IPsec tunnel. */
  readonly refusal: string;
}

const SHARED_NAMES = 'Cloudflare refuses the same name for tunnels of any kind.';
/** Here a tunnel is an IPsec tunnel, unless it is called something else. */
const WORDS: Record<TunnelKind, KindWords> = {
  ipsec: { noun: 'tunnel', indefinite: 'a tunnel', refusal: 'Cloudflare refuses a second one.' },
  gre: { noun: 'GRE tunnel', indefinite: 'a GRE tunnel', refusal: SHARED_NAMES },
  interconnect: { noun: 'interconnect', indefinite: 'an interconnect', refusal: SHARED_NAMES },
};

/** `branch-1, branch-2, the GRE tunnel gre-1 and 4,997 more`. */
export function namesOf({ count, first }: Matches): string {
  const names = first.map(nameOf).join(', ');
  return count > first.length ? `${names} and ${inWords(count - first.length)} more` : names;
}

function nameOf({ kind, name }: NamedTunnel): string {
  const shown = revealInvisible(name);
  return kind === 'ipsec' ? shown : `the ${WORDS[kind].noun} ${shown}`;
}

function inWords(count: number): string {
  return count.toLocaleString('en');
}

function addressIn(value: unknown): IpAddress | undefined {
  return typeof value === 'string' ? parseIp(value) : undefined;
}

function isSame(a: IpAddress | undefined, b: IpAddress): boolean {
  return a?.version === b.version && a.value === b.value;
}

function withArticle(kind: string): string {
  return `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`;
}
