/** What the names of a pair end in where nothing else is chosen. */
export const DEFAULT_SUFFIXES = ['-1', '-2'] as const;
