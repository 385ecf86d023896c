import { hasPreSharedKey } from '../../ipsec-tunnels/tunnel.ts';
import type { Cause, DiagnosisInput } from '../cause.ts';

/** Source: Cloudflare's guide "Configure tunnel endpoints": traffic flows once a key was generated or set. */
export function* missingKey({ tunnel }: DiagnosisInput): Iterable<Cause> {
  if (hasPreSharedKey(tunnel)) return;
  yield {
    cause: 'no-key',
    likelihood: 'certain',
    sentence: 'It has no pre-shared key: no router can set it up, and it carries no traffic until it has one.',
    evidence: ['Pre-shared key: none'],
    fix: { label: 'Give it a key', values: 'rotate-key' },
  };
}
