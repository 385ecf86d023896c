import type { RouterDefinition } from './configuration.ts';

export const linux: RouterDefinition = {
  kind: 'linux',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
