// The desk on a disk that takes COMMIT_MS for every commit: what happens meanwhile to requests that need no database.

import { buildApp } from '@tunnel-desk/server/app';
import { readConfig } from '@tunnel-desk/server/config';
import { openStorage } from '@tunnel-desk/server/storage/storage';

const result = readConfig(process.env);
if (!result.ok) throw new Error(result.problems.join('\n'));
const { host, port, dataDir } = result.config;
const closed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(1);
const storage = openStorage(dataDir, { commitGate: { closed, atMostMs: Number(process.env['COMMIT_MS']) } });
const app = await buildApp(result.config, { storage });
await app.listen({ host, port });
