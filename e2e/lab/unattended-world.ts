// Makes a world in which a daemon runs, says by which process it hangs, and never ends it: for the test that kills this.

import { startCharon } from './daemons.ts';
import { createWorld } from './world.ts';

const world = await createWorld();
await startCharon(await world.addMachine('router'), 'charon');
console.log(String(world.pid));
