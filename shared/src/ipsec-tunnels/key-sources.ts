/** Where a new tunnel's pre-shared key comes from: set later, the person's own, or generated in the browser. */
export const KEY_SOURCES = ['later', 'own', 'generated'] as const;
export type KeySource = (typeof KEY_SOURCES)[number];
