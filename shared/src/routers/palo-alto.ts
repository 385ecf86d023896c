import type { RouterDefinition } from './configuration.ts';

export const paloAlto: RouterDefinition = {
  kind: 'palo-alto',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
