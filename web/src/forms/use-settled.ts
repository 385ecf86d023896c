import { useEffect, useEffectEvent, useState } from 'react';
import type { LiveValidation } from './live-validation.ts';

/**
 * What `read` makes of a form. It follows a change right after the frame that shows it, so that the field comes first, and
 * yet the buttons below do not move under somebody who goes there.
 */
export function useSettled<Value>(validation: LiveValidation, read: () => Value): Value {
  const [value, setValue] = useState(read);
  const readNow = useEffectEvent(read);
  useEffect(() => {
    let frame: number | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = () => {
      frame = undefined;
      setValue(readNow());
    };
    update();
    const unsubscribe = validation.subscribe(() => {
      frame ??= requestAnimationFrame(() => {
        timer = setTimeout(update);
      });
    });
    return () => {
      unsubscribe();
      if (frame !== undefined) cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [validation]);
  return value;
}
