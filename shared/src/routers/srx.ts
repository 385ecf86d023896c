import type { RouterDefinition } from './configuration.ts';

export const srx: RouterDefinition = {
  kind: 'srx',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
