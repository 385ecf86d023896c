import type { FileLanguage } from '@tunnel-desk/shared/routers/configuration';
import { memo, type ReactNode } from 'react';
import { type HighlightNode, highlight } from './highlight.ts';

export interface HighlightedContentProps {
  readonly language: FileLanguage;
  readonly content: string;
}

/** The content of a file in colours; not made anew while it stays the same. */
export const HighlightedContent = memo(function HighlightedContent({ language, content }: HighlightedContentProps) {
  const tree = highlight(language, content);
  return <code>{tree === undefined ? content : renderNodes(tree.children)}</code>;
});

/** Parts have no identity but their place. */
function renderNodes(nodes: readonly HighlightNode[]): ReactNode[] {
  return nodes.map((node, place) => renderNode(node, place));
}

function renderNode(node: HighlightNode, place: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  const scopes = Array.isArray(className) ? className.map(String) : [];
  return (
    <span key={place} className={scopes.map((scope) => COLOURS[scope]).find((colour) => colour !== undefined)}>
      {renderNodes(node.children)}
    </span>
  );
}

/** By the highlighter's scopes. What is not among them has the colour of the text. */
const COLOURS: Readonly<Record<string, string | undefined>> = {
  comment: 'text-kumo-subtle italic',
  meta: 'text-kumo-subtle',
  string: 'text-kumo-success',
  number: 'text-kumo-info',
  literal: 'text-kumo-info',
  keyword: 'font-semibold',
  built_in: 'font-semibold',
  section: 'font-semibold',
  title: 'font-semibold',
  attr: 'text-kumo-link',
  variable: 'text-kumo-warning',
};
