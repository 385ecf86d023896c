import type { RouterDefinition } from './configuration.ts';

export const unifi: RouterDefinition = {
  kind: 'unifi',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
