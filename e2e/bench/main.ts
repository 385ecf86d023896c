// Measures the desk beside its references and prints a table: `node e2e/bench/main.ts`, or with the names of some
// measurements behind it. A missed target is reported, and is no failure.

import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { advisoriesMeasurement } from './advisories.ts';
import { batchMeasurement } from './batch.ts';
import { bffMeasurement } from './bff.ts';
import { bootMeasurement } from './boot.ts';
import { bytesMeasurement } from './bytes.ts';
import { connectionsMeasurement } from './connections.ts';
import { driftMeasurement } from './drift.ts';
import { healthMeasurement } from './health.ts';
import { importMeasurement } from './import.ts';
import { keystrokesMeasurement } from './keystrokes.ts';
import { listMeasurement } from './list.ts';
import { longTrailMeasurement } from './long-trail.ts';
import { passedListMeasurement } from './passed-list.ts';
import { printTable, type Row, ratioOf, stateOf } from './report.ts';
import { schemaMeasurement } from './schema.ts';
import { secretFilterMeasurement } from './secret-filter.ts';
import { slowDiskMeasurement } from './slow-disk.ts';
import { slowExportsMeasurement } from './slow-exports.ts';
import { trailMeasurement } from './trail.ts';

const MEASUREMENTS = [
  ...[
    schemaMeasurement,
    secretFilterMeasurement,
    advisoriesMeasurement,
    bffMeasurement,
    trailMeasurement,
    longTrailMeasurement,
  ],
  ...[
    bootMeasurement,
    slowDiskMeasurement,
    slowExportsMeasurement,
    passedListMeasurement,
    driftMeasurement,
    connectionsMeasurement,
    bytesMeasurement,
    keystrokesMeasurement,
    listMeasurement,
    importMeasurement,
    batchMeasurement,
    healthMeasurement,
  ],
];
const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !MEASUREMENTS.some((measurement) => measurement.name === name));
if (unknown.length > 0) {
  console.error(
    `no such measurement: ${unknown.join(', ')}; there are ${MEASUREMENTS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(1);
}

const startedAt = new Date();
const machine = {
  node: process.version,
  platform: process.platform,
  arch: process.arch,
  cores: availableParallelism(),
  /** What else was running: above zero, every figure suffers, and the ratios less. */
  loadAverageBefore: loadavg()[0] ?? 0,
};
console.log(
  `Node.js ${machine.node}, ${machine.cores} cores, load average ${machine.loadAverageBefore.toFixed(1)} before.`,
);
const rows: Row[] = [];
for (const { name, method, run } of MEASUREMENTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const measured = await run();
  printTable(method, measured);
  rows.push(...measured);
}

const results = rows.map((row) => ({ ...row, ratio: ratioOf(row), verdict: stateOf(row) }));
writeFileSync(RESULTS, `${JSON.stringify({ startedAt, machine, results }, null, 2)}\n`);
const missed = results.filter(({ verdict }) => verdict === 'missed').length;
const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
console.log(`\n${results.length} figures in ${seconds} s, ${missed} targets missed; written to ${RESULTS}`);
