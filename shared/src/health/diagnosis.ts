// Why a tunnel is not healthy, as far as that can be concluded from what is known of it: the likeliest cause first.

import { type Cause, type CauseFinder, type DiagnosisInput, LIKELIHOODS } from './cause.ts';
import { asnShared, asnUnusable, bgpDown } from './causes/bgp.ts';
import { checksOff, repliesDropped, unidirectional } from './causes/health-checks.ts';
import { addressIdentity, identityShared } from './causes/identity.ts';
import { missingKey } from './causes/key.ts';
import { endsSwapped } from './causes/link.ts';
import { changedShortlyBefore } from './causes/recent-changes.ts';
import { replayProtectionOff } from './causes/replay-protection.ts';

/** Among equally likely causes, the one that stops more comes first. */
const OF_THE_TUNNEL: readonly CauseFinder[] = [
  missingKey,
  identityShared,
  addressIdentity,
  checksOff,
  changedShortlyBefore,
  endsSwapped,
  repliesDropped,
  replayProtectionOff,
  unidirectional,
];
const OF_BGP: readonly CauseFinder[] = [asnUnusable, bgpDown, asnShared];

/** None where the tunnel is healthy, and its BGP session, where it has one, is up. */
export function diagnose(input: DiagnosisInput): Cause[] {
  const finders = input.health.state === 'healthy' ? OF_BGP : [...OF_THE_TUNNEL, ...OF_BGP];
  return finders
    .flatMap((find) => [...find(input)])
    .toSorted((one, other) => LIKELIHOODS.indexOf(one.likelihood) - LIKELIHOODS.indexOf(other.likelihood));
}
