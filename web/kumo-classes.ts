// Has Tailwind build the classes that Kumo's components in use are written with.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('src', import.meta.url));
const STYLESHEET = join(SOURCE, 'styles.css');
const COMPONENT = /from '(@cloudflare\/kumo\/components\/[^']+)'/g;
const JSX_RUNTIME = 'react/jsx-runtime';
const RELATIVE_IMPORT = /(?:from|import) "(\.{1,2}\/[^"]+)"/g;

/**
 * Adds a `@source` for every file of the library that the components in `src` render with. To scan the whole library, as
 * its README proposes, adds 8.7 kB (brotli) to the stylesheet for components that are not in use; to name the files by
 * hand breaks with the next version, because their names are hashes.
 */
export function kumoClasses(): Plugin {
  return {
    name: 'kumo-classes',
    enforce: 'pre',
    async transform(css, id) {
      if (id !== STYLESHEET) return undefined;
      const files = new Map<string, string>();
      for (const component of componentsIn(SOURCE)) {
        const entry = await this.resolve(component, STYLESHEET);
        if (entry === null) this.error(`${component} is not in the library`);
        collect(entry.id, files);
      }
      // What renders nothing has no classes, only words that look like some.
      const rendering = [...files].filter(([, text]) => text.includes(JSX_RUNTIME)).map(([file]) => file);
      if (rendering.length === 0) this.error('none of the components in use renders anything');
      return `${css}\n${rendering.map((file) => `@source ${JSON.stringify(file)};`).join('\n')}\n`;
    },
  };
}

function componentsIn(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  return new Set(files.flatMap((file) => matches(COMPONENT, readFileSync(join(folder, file), 'utf8'))));
}

/** Adds the text of the file and of all that it imports of its own package. */
function collect(file: string, files: Map<string, string>): void {
  if (files.has(file)) return;
  const text = readFileSync(file, 'utf8');
  files.set(file, text);
  for (const path of matches(RELATIVE_IMPORT, text)) collect(join(dirname(file), path), files);
}

function matches(pattern: RegExp, text: string): string[] {
  return Array.from(text.matchAll(pattern), ([, match]) => match).filter((match) => match !== undefined);
}
