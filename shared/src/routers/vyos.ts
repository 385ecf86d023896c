import type { RouterDefinition } from './configuration.ts';

export const vyos: RouterDefinition = {
  kind: 'vyos',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
