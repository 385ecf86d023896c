// How what the desk knows of a tunnel follows from an outcome in the journal, in the same transaction as that.

import { IS_LAST } from './entries.ts';

const DONE_BY = `FROM outcomes JOIN intents ON ${IS_LAST} WHERE intents.id = ?1 AND resource_kind = 'ipsec-tunnel'`;

/** `?1` is the intent, `?2` the tunnel's ID, `?3` what it is. */
export const KNOW_RECORDED = `
  INSERT OR REPLACE INTO known_tunnels (account_id, tunnel_id, request, known_at, person_name, how)
  SELECT account_id, ?2, ?3, outcomes.at, person_name, CASE action WHEN 'create' THEN 'made' ELSE 'saved' END
  ${DONE_BY} AND result IN ('created', 'updated')`;

export const KNOW_GONE = `
  DELETE FROM known_tunnels WHERE tunnel_id = ?2 AND account_id IN (SELECT account_id ${DONE_BY} AND result = 'deleted')`;
