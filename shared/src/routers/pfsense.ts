import type { RouterDefinition } from './configuration.ts';

export const pfsense: RouterDefinition = {
  kind: 'pfsense',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
