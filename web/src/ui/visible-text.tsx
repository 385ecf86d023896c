import { withUniqueKeys } from '../lib/unique-keys.ts';
import { visibleParts } from '../lib/visible-characters.ts';

export interface VisibleTextProps {
  readonly text: string;
  /** `ltr` for a sentence of the page around somebody's value; a value alone takes the direction of its own letters. */
  readonly dir?: 'auto' | 'ltr';
}

/**
 * A text that somebody else wrote, such as a name or a description: invisible and directional characters show as their
 * codes, and it turns no text around it.
 */
export function VisibleText({ text, dir = 'auto' }: VisibleTextProps) {
  return (
    <bdi dir={dir}>
      {withUniqueKeys(visibleParts(text), (part) => part.text).map(({ key, item }) =>
        item.isCode ? (
          <span key={key} className="rounded-sm bg-kumo-fill px-0.5 font-mono text-kumo-default">
            {item.text}
          </span>
        ) : (
          item.text
        ),
      )}
    </bdi>
  );
}
