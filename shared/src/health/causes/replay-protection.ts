import { ROUTER_NAMES, type RouterKind } from '../../routers/kinds.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

/** Routers that can't turn off their own. Sources: Cloudflare's guides for them; for pfSense, cloudflare-docs PR 25608. */
const ALWAYS_CHECK: ReadonlySet<RouterKind> = new Set(['aws', 'azure', 'pfsense']);

/**
 * Without replay protection several of Cloudflare's servers send into one tunnel, each with sequence numbers of its own
 * (Cloudflare's reference "Anti-replay protection").
 */
export function* replayProtectionOff({ tunnel, routerKind }: DiagnosisInput): Iterable<Cause> {
  if (routerKind === undefined || !ALWAYS_CHECK.has(routerKind) || tunnel.replay_protection === true) return;
  yield {
    cause: 'replay-protection-off',
    likelihood: 'likely',
    sentence:
      'Its replay protection is off, and this router cannot turn off its own: what comes from several servers of Cloudflare it takes for repeated, and drops.',
    evidence: ['Replay protection: off', `Router: ${ROUTER_NAMES[routerKind]}`],
    fix: { label: 'Turn it on', values: { replay_protection: true } },
  };
}
