/** The value at a path of nested objects, by their own keys alone; `undefined` where there is none. */
export function valueAt(resource: unknown, path: readonly string[]): unknown {
  let value = resource;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
