// What was entered about the tunnels' routers, in the database.

import { type KeptRouterSettings, keptRouterSettingsSchema } from '@tunnel-desk/shared/routers/settings';
import { MOST_KEPT, type RouterSettingsStore } from '../routers/router-settings-store.ts';
import { toStoredText } from './chain.js';
import type { Database } from './database.ts';
import type { Row } from './thread-messages.ts';

const UPSERT = `
  INSERT INTO router_settings (account_id, tunnel_id, settings, saved_at, person) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (account_id, tunnel_id)
  DO UPDATE SET settings = excluded.settings, saved_at = excluded.saved_at, person = excluded.person`;
/** Those of tunnels that are long gone, as a rule: nobody saved them again. */
const DELETE_OLDEST = `
  DELETE FROM router_settings WHERE account_id = ?1 AND tunnel_id IN (
    SELECT tunnel_id FROM router_settings WHERE account_id = ?1
    ORDER BY saved_at DESC, tunnel_id DESC LIMIT -1 OFFSET ${MOST_KEPT})`;
const SELECT_AFTER = `
  SELECT tunnel_id, settings FROM router_settings WHERE account_id = ? AND tunnel_id > ? ORDER BY tunnel_id`;
/** Little to hold in memory, and nobody waits long for a turn. */
const SLICE = { rows: 500, characters: 256_000 };

export function createSqliteRouterSettings({ write, readSlice }: Database): RouterSettingsStore {
  return {
    async *all(accountId) {
      for (let after = ''; ; ) {
        const { rows, hasMore } = await readSlice(SLICE, SELECT_AFTER, accountId, after);
        yield rows.flatMap(toKept);
        if (!hasMore) return;
        after = String(rows.at(-1)?.[0]);
      }
    },
    async keep(accountId, { tunnelId, settings }, person) {
      const values = [JSON.stringify(settings), new Date().toISOString(), toStoredText(person)];
      // Both in one transaction.
      await Promise.all([write(UPSERT, accountId, tunnelId, ...values), write(DELETE_OLDEST, accountId)]);
    },
  };
}

/** Nothing where another version of this server kept what this one does not know: it is entered again. */
function toKept([tunnelId, settings]: Row): KeptRouterSettings[] {
  const kept = keptRouterSettingsSchema.safeParse({ tunnelId, settings: parseJson(String(settings)) });
  return kept.success ? [kept.data] : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
