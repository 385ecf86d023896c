import { Button } from '@cloudflare/kumo/components/button';
import { FocusedAlert } from '../../../ui/focused-alert.tsx';
import type { Incoming, Reading } from './use-reading.ts';

export interface FailureProps {
  readonly reading: Reading;
  readonly onRead: (incoming: Incoming) => void;
}

/** Why nothing was read, and what can be done. */
export function Failure({ reading, onRead }: FailureProps) {
  if (reading.kind === 'nothing' || reading.kind === 'reading') return null;
  if (reading.kind === 'refused') {
    return (
      <FocusedAlert className="gap-1 bg-kumo-danger-tint">
        <h3 className="font-semibold">Nothing was read</h3>
        <p className="[overflow-wrap:anywhere]">{reading.message}</p>
      </FocusedAlert>
    );
  }
  const { columnCount, order, readInOrder } = reading;
  const expected = `${order.slice(0, 3).join(', ')} and so on`;
  return (
    <FocusedAlert className="gap-2 bg-kumo-warning-tint">
      <h3 className="font-semibold">There is no row of headers</h3>
      {readInOrder === undefined ? (
        <p className="[overflow-wrap:anywhere]">
          None of the first rows names the columns, and there are {columnCount}, where the template has {order.length}.
          Put a row above them that says what each column is: {expected}.
        </p>
      ) : (
        <>
          <p className="[overflow-wrap:anywhere]">
            There are as many columns as {order.includes('id') ? 'an export' : 'the template'} has, {columnCount}:{' '}
            {expected}.
          </p>
          <Button className="self-start" onClick={() => onRead({ again: readInOrder })}>
            Read them in that order
          </Button>
        </>
      )}
    </FocusedAlert>
  );
}
