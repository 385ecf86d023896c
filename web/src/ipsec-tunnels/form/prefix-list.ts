// A list of prefixes as people type and paste it.

/** One entry; an address with its netmask behind a blank, as routers print it, is one. */
const PREFIX_ENTRY = /\d+(?:\.\d+){3}[ \t]+255(?:\.\d+){3}|[^\s,;]+/g;

/** The prefixes in the text, separated by commas, semicolons, spaces or lines. */
export function splitPrefixes(text: string): string[] {
  return text.match(PREFIX_ENTRY) ?? [];
}

/** The text with its entry at the index replaced, and its separators as they were. */
export function replaceEntry(text: string, index: number, replacement: string): string {
  let position = -1;
  return text.replace(PREFIX_ENTRY, (entry) => {
    position += 1;
    return position === index ? replacement : entry;
  });
}
