// Which tunnels somebody was told are down, in the database: one row per account.

import { z } from 'zod';
import type { ToldDown } from '../health/told-down.ts';
import type { Database } from './database.ts';

const SELECT = 'SELECT names FROM told_down WHERE account_id = ?';
const UPSERT = 'INSERT OR REPLACE INTO told_down (account_id, names) VALUES (?, ?)';

const namesSchema = z.array(z.string());

export function createSqliteToldDown({ read, write }: Pick<Database, 'read' | 'write'>): ToldDown {
  return {
    async find(accountId) {
      const [row] = await read(SELECT, accountId);
      return row && new Set(namesSchema.parse(JSON.parse(String(row[0]))));
    },
    async save(accountId, names) {
      await write(UPSERT, accountId, JSON.stringify([...names]));
    },
  };
}
