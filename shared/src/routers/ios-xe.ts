import type { RouterDefinition } from './configuration.ts';

export const iosXe: RouterDefinition = {
  kind: 'ios-xe',
  sources: [],
  asks: [],
  configure: () => ({ files: [], leftOut: [] }),
  adviseOn: () => [],
};
