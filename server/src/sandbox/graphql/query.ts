// Reads a GraphQL query, as far as Cloudflare's analytics need it: one operation with variables, and fields with aliases and
// arguments. No fragments, no directives. Whatever else there is, it refuses.

export type Value = string | number | readonly Value[] | Input;

/** An object among the arguments. */
export interface Input {
  readonly [name: string]: Value;
}

export function isInput(value: Value | undefined): value is Input {
  return typeof value === 'object' && !Array.isArray(value);
}

export interface Field {
  readonly alias: string;
  readonly name: string;
  readonly arguments: Input;
  readonly fields: readonly Field[];
}

/** What is wrong with a query, in words for who wrote it. */
export class QueryError extends Error {}

/** The fields of the one operation, with the variables put in. Throws a {@link QueryError}. */
export function readQuery(text: string, variables: Readonly<Record<string, unknown>>): readonly Field[] {
  const tokens = tokensOf(text);
  let place = 0;

  const peek = () => tokens[place] ?? '';
  const take = () => tokens[place++] ?? '';
  function skip(expected: string): boolean {
    if (peek() !== expected) return false;
    place += 1;
    return true;
  }
  function expect(expected: string): void {
    if (!skip(expected)) throw unexpected(peek(), `"${expected}"`);
  }
  function name(): string {
    const token = take();
    if (!NAME.test(token)) throw unexpected(token, 'a name');
    return token;
  }
  function until<Item>(close: string, item: () => Item): Item[] {
    const items: Item[] = [];
    while (!skip(close)) items.push(item());
    return items;
  }

  function type(): string {
    const inner = skip('[') ? `[${type()}${skip(']') ? ']' : ''}` : name();
    return skip('!') ? `${inner}!` : inner;
  }

  const declared = new Map<string, Value>();
  function declaration(): void {
    expect('$');
    const variable = name();
    expect(':');
    const value = valueOfType(type(), variables[variable], variable);
    if (value !== undefined) declared.set(variable, value);
  }

  function value(): Value {
    const token = take();
    if (token === '$') {
      const variable = name();
      const given = declared.get(variable);
      if (given === undefined) throw new QueryError(`undefined variable "${variable}"`);
      return given;
    }
    if (token === '[') return until(']', value);
    if (token === '{') return Object.fromEntries(until('}', () => argument()));
    if (NUMBER.test(token)) return Number(token);
    if (token.startsWith('"')) return JSON.parse(token);
    // What orders rows is a name.
    if (NAME.test(token)) return token;
    throw unexpected(token, 'a value');
  }

  function argument(): [name: string, value: Value] {
    const named = name();
    expect(':');
    return [named, value()];
  }

  function field(): Field {
    const first = name();
    const isAliased = skip(':');
    return {
      alias: first,
      name: isAliased ? name() : first,
      arguments: skip('(') ? Object.fromEntries(until(')', argument)) : {},
      fields: skip('{') ? until('}', field) : [],
    };
  }

  if (skip('query')) {
    if (NAME.test(peek())) take();
    if (skip('(')) until(')', declaration);
  }
  expect('{');
  const fields = until('}', field);
  if (place < tokens.length) throw unexpected(peek(), 'the end');
  return fields;
}

const NAME = /^[_A-Za-z]\w*$/;
const NUMBER = /^-?\d+$/;
/** Commas are blanks in GraphQL. */
const TOKEN = /[\s,]+|([{}()[\]:!$]|"[^"\\\n]*"|-?\d+|[_A-Za-z]\w*)/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new QueryError(`unexpected ${JSON.stringify(text[at])} at ${at}`);
    if (match[1] !== undefined) tokens.push(match[1]);
  }
  return tokens;
}

function unexpected(token: string, wanted: string): QueryError {
  return new QueryError(
    token === '' ? `unexpected end, expected ${wanted}` : `unexpected "${token}", expected ${wanted}`,
  );
}

/** The scalars of Cloudflare's schema: lower case, apart from `Time`. */
const SCALARS: Readonly<Record<string, (value: unknown) => Value | undefined>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  uint64: (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined),
  Time: (value) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined),
};

function valueOfType(type: string, value: unknown, variable: string): Value | undefined {
  const [, inList, alone] = /^(?:\[(\w+)!?\]|(\w+))!?$/.exec(type) ?? [];
  const read = SCALARS[inList ?? alone ?? ''];
  if (read === undefined) throw new QueryError(`unknown type "${type}"`);
  if (value === undefined || value === null) {
    if (type.endsWith('!')) throw new QueryError(`variable "${variable}" of type "${type}" is missing`);
    return undefined;
  }
  const wrong = new QueryError(`variable "${variable}" is no ${type}`);
  const readOrRefuse = (each: unknown): Value => {
    const result = read(each);
    if (result === undefined) throw wrong;
    return result;
  };
  if (inList === undefined) return readOrRefuse(value);
  if (!Array.isArray(value)) throw wrong;
  return value.map(readOrRefuse);
}
