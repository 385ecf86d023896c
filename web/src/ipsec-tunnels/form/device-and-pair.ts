// What a new tunnel's form makes of its device and of a pair: the requests that are sent, and what is said of its fields
// beside what their schemas and the account's other tunnels say.

import { DEVICES, type Device } from '@tunnel-desk/shared/ipsec-tunnels/devices';
import { type PairIssue, type PairOfRequests, pairIssues, pairOf } from '@tunnel-desk/shared/ipsec-tunnels/pairs';
import { adviseOnDeviceAddress, presetFor } from '@tunnel-desk/shared/ipsec-tunnels/presets';
import { valueAt } from '@tunnel-desk/shared/value-at';
import type { FieldAdvisory, Findings } from '../../forms/live-validation.ts';
import { tunnelIn } from './fields.ts';

type AnyRequest = Readonly<Record<string, unknown>>;
/** The findings on a field of one tunnel's request. */
type FindingsOnTunnel = (field: string, request: AnyRequest) => Findings;

const NONE: Findings = { issues: [], advisories: [] };

/** The fields of the second tunnel, and those of a tunnel's request that they become. */
export const SECOND_FIELDS: ReadonlyMap<string, string> = new Map([
  ['pair/second_suffix', 'name'],
  ['pair/second_endpoint', 'cloudflare_endpoint'],
  ['pair/second_customer_endpoint', 'customer_endpoint'],
  ['pair/second_interface_address', 'interface_address'],
  ['pair/second_interface_address6', 'interface_address6'],
  ['pair/second_psk', 'psk'],
  ['pair/shares_identity', 'custom_remote_identities/fqdn_id'],
]);

/** What is sent: one request or a pair of them, right or wrong. */
export function requestsOf(form: AnyRequest): readonly AnyRequest[] {
  return pairIn(form) ?? [tunnelIn(form)];
}

/** What keeps the requests from being sent that each of them alone does not. */
export function hasPairIssue(form: AnyRequest): boolean {
  const pair = pairIn(form);
  return pair !== undefined && pairIssues(pair).some(({ severity }) => severity === 'issue');
}

/** The findings on any field of the form. */
export function findingsOn(field: string, form: AnyRequest, ofTunnel: FindingsOnTunnel): Findings {
  const pair = pairIn(form);
  const suited: FindingsOnTunnel = (name, request) =>
    suitDevice(deviceIn(form), name, request, ofTunnel(name, request));
  const twin = SECOND_FIELDS.get(field);
  if (twin === undefined) return withoutSuffixes(field, form, suited(field, pair?.[0] ?? tunnelIn(form)));
  return pair === undefined ? NONE : findingsOnSecond(field, twin, form, pair, suited);
}

/** Fields by which the second differs only by its suffix: what is said of the first is not repeated, and none of them has a fix. */
const SUFFIXED = new Set(['name', 'custom_remote_identities/fqdn_id']);

function findingsOnSecond(
  field: string,
  twin: string,
  form: AnyRequest,
  pair: PairOfRequests,
  ofTunnel: FindingsOnTunnel,
): Findings {
  const [first, second] = pair;
  const hasOwnRouter = valueAt(form, ['pair', 'second_customer_endpoint']) !== undefined;
  const isAbsent = valueAt(form, field.split('/')) === undefined;
  // A key that is set later, and a router that is the first one's too, are the first one's to speak of.
  if (isAbsent && (twin === 'psk' || twin === 'customer_endpoint')) return NONE;
  const found = ofTunnel(twin, second);
  const own = SUFFIXED.has(twin) ? withoutFixes(beyond(found, ofTunnel(twin, first))) : found;
  const ofPair = pairIssues(pair).filter((each) => fieldOf(each) === field);
  // Where the second has the first one's router, the two endpoints are told apart by this one.
  const ofRouter =
    twin === 'cloudflare_endpoint' && !hasOwnRouter
      ? beyond(ofTunnel('customer_endpoint', second), ofTunnel('customer_endpoint', first))
      : NONE;
  const path = field.split('/');
  return {
    issues: [...own.issues, ...ofPair.filter(({ severity }) => severity === 'issue')].map((issue) => ({
      ...issue,
      path,
    })),
    advisories: [...own.advisories, ...ofRouter.advisories, ...ofPair.flatMap(toAdvisory)].map((each) => ({
      ...each,
      path,
    })),
  };
}

/** That both have the same endpoints is for the second Cloudflare endpoint to say. */
function fieldOf({ field }: PairIssue): string | undefined {
  if (field === 'customer_endpoint') return 'pair/second_endpoint';
  return [...SECOND_FIELDS].find(([, twin]) => twin === field.replace('.', '/'))?.[0];
}

function toAdvisory({ message, severity }: PairIssue): Omit<FieldAdvisory, 'path'>[] {
  return severity === 'risk' ? [{ message, severity }] : [];
}

/** What the one says and the other does not. */
function beyond(found: Findings, known: Findings): Findings {
  const said = new Set([...known.issues, ...known.advisories].map(({ message }) => message));
  const isNew = ({ message }: { readonly message: string }) => !said.has(message);
  return { issues: found.issues.filter(isNew), advisories: found.advisories.filter(isNew) };
}

function withoutFixes({ issues, advisories }: Findings): Findings {
  return {
    issues: issues.map(({ suggestion: _, ...issue }) => issue),
    advisories: advisories.map(({ suggestion: _, ...advisory }) => advisory),
  };
}

/** A fix of the first name or identity is one with its suffix, which the field is without. */
function withoutSuffixes(field: string, form: AnyRequest, found: Findings): Findings {
  const suffix = valueAt(form, ['pair', 'first_suffix']);
  return typeof suffix === 'string' && suffix !== '' && SUFFIXED.has(field) ? withoutFixes(found) : found;
}

/** What the device's guide says of the field, and nothing that is said to those who follow no guide. */
function suitDevice(device: Device | undefined, field: string, request: AnyRequest, found: Findings): Findings {
  if (device === undefined) return found;
  if (field === 'replay_protection' && presetFor(device, 'guide').sets.replay_protection) return NONE;
  if (field !== 'interface_address') return found;
  const advice = adviseOnDeviceAddress(device, request['interface_address']);
  return { ...found, advisories: [...found.advisories, ...advice.map((each) => ({ ...each, path: [field] }))] };
}

function deviceIn({ device }: AnyRequest): Device | undefined {
  return DEVICES.find((each) => each === device);
}

function pairIn(form: AnyRequest): PairOfRequests | undefined {
  const { pair } = form;
  if (pair === undefined) return undefined;
  const text = (key: string) => {
    const value = valueAt(pair, [key]);
    return typeof value === 'string' ? value : '';
  };
  const sharesKey = valueAt(pair, ['shares_key']) === true;
  const [first, second] = pairOf(
    tunnelIn(form),
    {
      suffixes: [text('first_suffix'), text('second_suffix')],
      secondEndpoint: text('second_endpoint'),
      sharesKey,
      sharesIdentity: valueAt(pair, ['shares_identity']) === true,
    },
    text('second_interface_address'),
    { interfaceAddress6: text('second_interface_address6'), customerEndpoint: text('second_customer_endpoint') },
  );
  const psk = valueAt(pair, ['second_psk']);
  return [first, sharesKey || psk === undefined ? second : { ...second, psk }];
}
