// What to look at on the router, with the commands of its kind.

import { ROUTER_NAMES, type RouterKind } from '@tunnel-desk/shared/routers/kinds';
import { looksAt } from '@tunnel-desk/shared/routers/show-commands';
import { showRouter } from '../../router/router-hash.ts';
import { Command } from './command.tsx';

export interface RouterLooksProps {
  /** The one that is kept for the tunnel. */
  readonly kind: RouterKind | undefined;
  readonly hasBgp: boolean;
  /** Whether it shows at once. */
  readonly isOpen: boolean;
}

export function RouterLooks({ kind, hasBgp, isOpen }: RouterLooksProps) {
  if (kind === undefined) {
    return (
      <p className="text-sm">
        No kind of router is kept for this tunnel.{' '}
        <button type="button" onClick={showRouter} className="cursor-pointer underline">
          Choose it
        </button>
        , and the commands to look at it stand here.
      </p>
    );
  }
  return (
    <details open={isOpen} className="text-sm">
      <summary className="w-fit cursor-pointer py-1">What to look at on the router, {ROUTER_NAMES[kind]}</summary>
      <ol className="flex list-decimal flex-col gap-2 pt-2 pl-5">
        {looksAt(kind, hasBgp).map(({ question, command, page }) => (
          <li key={question}>
            <p>{question}</p>
            {command && <Command command={command} />}
            {page && <p className="text-kumo-subtle">On its page {page}.</p>}
          </li>
        ))}
      </ol>
    </details>
  );
}
