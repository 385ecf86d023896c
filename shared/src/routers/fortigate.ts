import type { RouterDefinition } from './configuration.ts';

export const fortigate: RouterDefinition = {
  kind: 'fortigate',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
