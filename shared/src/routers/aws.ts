import type { RouterDefinition } from './configuration.ts';

export const aws: RouterDefinition = {
  kind: 'aws',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
