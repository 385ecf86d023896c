/** The value at a path of nested objects, by their own keys alone; `undefined` where there is none. */
export function valueAt(resource: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }, resource);
}
