const SHOWN_CHARACTERS = 8;

/** The end of an ID, where it has no room: "…89abcdef". IDs made one after another begin alike. */
export function shortId(id: string): string {
  return id.length > SHOWN_CHARACTERS ? `…${id.slice(-SHOWN_CHARACTERS)}` : id;
}
