// What the shared schema says of the form on a router, field by field, and what its kind of router needs beside that.

import { type Issue, toIssues, toPointer } from '@tunnel-desk/shared/issues';
import { ROUTER_NAMES } from '@tunnel-desk/shared/routers/kinds';
import { ROUTERS } from '@tunnel-desk/shared/routers/routers';
import { type RouterSettings, routerSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import { namesOf } from '../../forms/fields.ts';
import type { FormRules } from '../../forms/live-validation.ts';
import { isAsked, ROUTER_FORM, type RouterFieldName } from './router-fields.ts';

type Request = Readonly<Record<string, unknown>>;

export const ROUTER_RULES: FormRules = {
  findingsOn(field, request) {
    const name = namesOf(ROUTER_FORM.fields).find((each) => each === field);
    return { issues: name === undefined ? [] : issuesOn(name, request), advisories: [] };
  },
  // What is asked for depends on the kind, on NAT and on the routing.
  dependentsOf: (field) => (field === 'kind' || field === 'isBehindNat' || field === 'routing' ? undefined : [field]),
};

/** Every issue of a form's request, in the order of its fields. */
export function issuesOfRequest(request: Request): Issue[] {
  return namesOf(ROUTER_FORM.fields).flatMap((name) => issuesOn(name, request));
}

function issuesOn(name: RouterFieldName, request: Request): Issue[] {
  const kind = routerSettingsSchema.shape.kind.safeParse(request['kind']).data;
  if (kind === undefined || !isAsked(kind, name)) return [];
  const value = request[name];
  const missing = value === undefined ? missingIn(name, kind, request) : undefined;
  if (missing !== undefined) return [{ path: [name], message: missing }];
  if (value === undefined) return [];
  const parsed = routerSettingsSchema.shape[name].safeParse(value);
  if (!parsed.success)
    return firstOfEach(toIssues(parsed.error).map((issue) => ({ ...issue, path: [name, ...issue.path] })));
  const { uplinkPattern, uplinkExample } = ROUTERS[kind];
  if (name !== 'uplink' || uplinkPattern === undefined || uplinkPattern.test(String(value))) return [];
  const example = uplinkExample === undefined ? '' : `, such as ${uplinkExample}`;
  return [{ path: [name], message: `must be the name of an interface as ${ROUTER_NAMES[kind]} has them${example}` }];
}

function missingIn(name: RouterFieldName, kind: RouterSettings['kind'], request: Request): string | undefined {
  if (name === 'uplink') {
    const example = ROUTERS[kind].uplinkExample;
    return `enter the name that the interface has on the router${example === undefined ? '' : `, such as ${example}`}`;
  }
  if (name === 'remotePrefixes' && request['routing'] === 'static') {
    return 'enter what the router reaches through Cloudflare, such as 10.0.0.0/8: nothing goes through the tunnel without a route';
  }
  return undefined;
}

/** A text that is no prefix is no IPv4 prefix either: the first says enough. */
function firstOfEach(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ path }) => {
    const place = toPointer(path);
    const isFirst = !seen.has(place);
    seen.add(place);
    return isFirst;
  });
}
