import { type RefObject, useLayoutEffect, useRef } from 'react';

/** What was rendered last, for callbacks that must not change with it. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  }, [value]);
  return latest;
}
