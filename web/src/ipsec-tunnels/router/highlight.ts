// Highlights files of the languages that configurations are written in. Loaded with the section of the router.

import type { FileLanguage } from '@tunnel-desk/shared/routers/configuration';
import type { LanguageFn } from 'highlight.js';
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import { createLowlight } from 'lowlight';

/** A router's command line: comments, texts in quotation marks, addresses, and the word that each line begins with. */
const commands: LanguageFn = (hljs) => ({
  name: 'Commands of a router',
  contains: [
    { scope: 'comment', match: /^\s*[!#].*$/m },
    hljs.C_BLOCK_COMMENT_MODE,
    { scope: 'variable', match: /<[A-Z][A-Z -]*>/ },
    hljs.QUOTE_STRING_MODE,
    { scope: 'number', match: /\b\d+(?:\.\d+){3}(?:\/\d+)?\b/ },
    { scope: 'keyword', match: /^[ \t]*[a-z][\w-]*/m },
  ],
});

const LANGUAGES: Readonly<Record<FileLanguage, string | undefined>> = {
  shell: 'bash',
  ini: 'ini',
  commands: 'commands',
  text: undefined,
};

const highlighter = createLowlight({ bash, ini, commands });

/** The content as a tree of texts and spans; `undefined` for plain text. */
export function highlight(language: FileLanguage, content: string) {
  const name = LANGUAGES[language];
  return name === undefined ? undefined : highlighter.highlight(name, content, { prefix: '' });
}

type Tree = NonNullable<ReturnType<typeof highlight>>;
export type HighlightNode = Tree['children'][number];
