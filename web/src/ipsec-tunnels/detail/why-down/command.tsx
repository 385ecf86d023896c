import { CopyButton } from '../../../ui/copy-button.tsx';

/** A command to be run on the router. */
export function Command({ command }: { readonly command: string }) {
  return (
    <span className="flex items-start gap-1">
      <code className="min-w-0 flex-1 rounded-sm bg-kumo-tint px-2 py-1 font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">
        {command}
      </code>
      <CopyButton label={`Copy the command ${command}`} text={command} iconOnly />
    </span>
  );
}
