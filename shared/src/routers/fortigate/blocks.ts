// The nested blocks that FortiOS commands stand in.

/** Commands in the table or object of this path; none where there are none. */
export function config(path: string, commands: readonly string[]): string[] {
  return commands.length === 0 ? [] : [`config ${path}`, ...indented(commands), 'end'];
}

/** Commands about one entry of a table: a name in quotation marks, a number, or 0 for the next free number. */
export function edit(entry: string, commands: readonly string[]): string[] {
  return [`edit ${entry}`, ...indented(commands), 'next'];
}

function indented(commands: readonly string[]): string[] {
  return commands.map((command) => `    ${command}`);
}
