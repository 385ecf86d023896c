import type { RouterDefinition } from './configuration.ts';

export const azure: RouterDefinition = {
  kind: 'azure',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
