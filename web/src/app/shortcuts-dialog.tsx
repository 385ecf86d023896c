// Which keys do what here, and the switch for those that one could press by accident.

import { Button } from '@cloudflare/kumo/components/button';
import { Dialog } from '@cloudflare/kumo/components/dialog';
import { useState } from 'react';
import type { Scope } from '../quick-actions/registry.ts';
import { isSingleKey, shownShortcut } from '../quick-actions/shortcuts.ts';
import { areSingleKeysOn, setSingleKeys } from '../quick-actions/single-keys.ts';
import { useOfferedActions } from '../quick-actions/use-quick-actions.ts';
import { useListedWidgetKeys } from '../quick-actions/widget-keys.ts';

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const [areOn, setAreOn] = useState(areSingleKeysOn);
  const widgets = useListedWidgetKeys();
  const change = (on: boolean) => {
    setSingleKeys(on);
    setAreOn(on);
  };
  return (
    <Dialog.Root open onOpenChange={() => onClose()}>
      <Dialog size="lg" className="flex max-h-[80dvh] flex-col gap-5 overflow-y-auto p-5">
        <Dialog.Title className="font-semibold text-lg">Keyboard shortcuts</Dialog.Title>
        <Shortcuts title="On this page" scope="page" areSingleKeysOn={areOn} />
        {widgets.map(({ title, keys }) => (
          <section key={title}>
            <h3 className={HEADING}>{title}</h3>
            <dl className="flex flex-col">
              {keys.map(([key, does]) => (
                <div key={key} className={ENTRY}>
                  <dt>{does}</dt>
                  <dd>
                    <kbd className={KEY}>{key}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Shortcuts title="On every page" scope="everywhere" areSingleKeysOn={areOn} />
        <label className="flex cursor-pointer items-start gap-2.5 py-1 text-sm">
          <input
            type="checkbox"
            checked={areOn}
            onChange={(event) => change(event.target.checked)}
            aria-describedby="single-keys-explanation"
            className="mt-0.5 size-4 shrink-0 accent-kumo-brand"
          />
          <span>
            Single keys are shortcuts
            <span id="single-keys-explanation" className="block text-kumo-subtle">
              They never are while you type in a field. Turn them off if you press keys by accident, or dictate.
              Remembered in this browser.
            </span>
          </span>
        </label>
        <Dialog.Close
          render={(props) => (
            <Button {...props} className="self-end">
              Close
            </Button>
          )}
        />
      </Dialog>
    </Dialog.Root>
  );
}

const HEADING = 'pb-1 font-medium text-kumo-subtle text-sm';
const ENTRY = 'flex items-center justify-between gap-4 border-kumo-line border-b py-1.5';
const KEY = 'rounded-sm bg-kumo-tint px-1.5 font-mono text-sm';

interface ShortcutsProps {
  readonly title: string;
  readonly scope: Scope;
  readonly areSingleKeysOn: boolean;
}

function Shortcuts({ title, scope, areSingleKeysOn }: ShortcutsProps) {
  const actions = useOfferedActions().flatMap((action) =>
    action.scope === scope && action.shortcut !== undefined ? [{ ...action, shortcut: action.shortcut }] : [],
  );
  if (actions.length === 0) return null;
  return (
    <section>
      <h3 className={HEADING}>{title}</h3>
      <dl className="flex flex-col">
        {actions.map(({ label, shortcut }) => {
          const isOff = !areSingleKeysOn && isSingleKey(shortcut);
          return (
            <div key={shortcut} className={ENTRY}>
              <dt>{label}</dt>
              <dd className="flex gap-2">
                {isOff && <span className="text-kumo-subtle text-sm">off</span>}
                <kbd className={`${KEY} ${isOff ? 'line-through' : ''}`}>{shownShortcut(shortcut)}</kbd>
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
