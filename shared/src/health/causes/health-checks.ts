// Health checks that say down of a tunnel which may work.

import { ROUTER_NAMES, type RouterKind } from '../../routers/kinds.ts';
import type { Cause, DiagnosisInput, Likelihood } from '../cause.ts';

/** Source: Cloudflare's guide "Configure tunnel endpoints": a tunnel without health checks shows as down. */
export function* checksOff({ tunnel }: DiagnosisInput): Iterable<Cause> {
  if (tunnel.health_check?.enabled !== false) return;
  yield {
    cause: 'checks-off',
    likelihood: 'certain',
    sentence: 'Its health checks are off: Cloudflare shows it as down even when it works, and nothing is measured.',
    evidence: ['Run health checks: off'],
    fix: { label: 'Turn health checks on', values: { 'health_check/enabled': true } },
  };
}

interface Drop {
  readonly likelihood: Likelihood;
  readonly why: string;
}

const LINUX_DROPS: Drop = {
  likelihood: 'likely',
  why: 'Linux drops such probes, whose source is its own address, unless accept_local is on for the interface.',
};
const FIREWALL_DROPS: Drop = {
  likelihood: 'possible',
  why: 'A stateful firewall may drop such probes: they are replies that nobody asked for.',
};

/**
 * Linux: tried with strongSwan, a probe of type reply comes back with ip_forward and accept_local on alone. Firewalls: Cloudflare's
 * guide "Troubleshoot tunnel health", and its guides for these devices, which set request.
 */
const DROPS_REPLIES: Partial<Readonly<Record<RouterKind, Drop>>> = {
  linux: LINUX_DROPS,
  vyos: LINUX_DROPS,
  fortigate: FIREWALL_DROPS,
  srx: FIREWALL_DROPS,
  'palo-alto': FIREWALL_DROPS,
  pfsense: FIREWALL_DROPS,
};

export function* repliesDropped({ tunnel, routerKind }: DiagnosisInput): Iterable<Cause> {
  const { enabled = true, type } = tunnel.health_check ?? {};
  // The default is reply (API reference).
  if (routerKind === undefined || !enabled || (type !== undefined && type !== 'reply')) return;
  const drop = DROPS_REPLIES[routerKind];
  if (drop === undefined) return;
  yield {
    cause: 'reply-dropped',
    likelihood: drop.likelihood,
    sentence: `Its health check is of type reply. ${drop.why}`,
    evidence: [
      type === undefined ? 'Health check type: none, which is reply' : 'Health check type: reply',
      `Router: ${ROUTER_NAMES[routerKind]}`,
    ],
    fix: { label: 'Change it to request', values: { 'health_check/type': 'request' } },
    ...(drop === LINUX_DROPS && { command: 'sysctl -a --pattern accept_local' }),
  };
}

/**
 * Source: Cloudflare's reference "Tunnel health checks": the response to a unidirectional probe comes back outside the tunnel,
 * over the internet, and the probe's target is the customer endpoint unless another one is set. The reference for Cloudflare
 * WAN has bidirectional as the default. A tunnel that says no direction is not judged: the sources disagree on it.
 */
export function* unidirectional({ tunnel }: DiagnosisInput): Iterable<Cause> {
  const { enabled = true, direction, target } = tunnel.health_check ?? {};
  if (!enabled || direction !== 'unidirectional') return;
  const isAnywhere = Boolean(tunnel.customer_endpoint || (typeof target === 'object' ? target.saved : target));
  const shared = {
    cause: 'unidirectional',
    fix: { label: 'Change it to bidirectional', values: { 'health_check/direction': 'bidirectional' } },
  } as const;
  if (!isAnywhere) {
    yield {
      ...shared,
      likelihood: 'likely',
      sentence:
        'Its health check is unidirectional, and has nothing to probe: neither a customer endpoint nor a target is set.',
      evidence: ['Health check direction: unidirectional', 'Customer endpoint: none', 'Health check target: none'],
    };
    return;
  }
  yield {
    ...shared,
    likelihood: 'possible',
    sentence:
      'Its health check is unidirectional: the router has to send the response over the internet, not back through the tunnel, and whatever drops it there makes the tunnel look down.',
    evidence: ['Health check direction: unidirectional'],
  };
}
