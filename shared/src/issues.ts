// What a schema says of a wrong value: where it is, what is wrong, and the certain fix when there is one.

import { z } from 'zod';

/** A wrong value as its field's rule sees it. */
export interface ValueIssue {
  /** What is wrong and what would be right, without a closing full stop. */
  readonly message: string;
  /** The value to put there instead, only where the fix is certain. */
  readonly suggestion?: string | undefined;
}

/** An issue with its place in the parsed value. */
export interface Issue extends ValueIssue {
  readonly path: readonly (string | number)[];
}

/** A JSON pointer (RFC 6901) to the path: `['bgp', 'extra_prefixes', 1]` → `/bgp/extra_prefixes/1`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The path of a JSON pointer (RFC 6901): `/bgp/md5_key` → `['bgp', 'md5_key']`. */
export function fromPointer(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** An issue as one line for people who only see text: `host bits are set: 10.0.0.0/8`. */
export function issueText({ message, suggestion }: ValueIssue): string {
  return suggestion === undefined ? message : `${message}: ${suggestion}`;
}

/** What is wrong with a text; `undefined` when it is right. */
type TextRule = (text: string) => ValueIssue | undefined;

const TEXT_RULES = new WeakMap<z.core.$ZodType, TextRule>();

/** A string field whose rule is a function from its text to an issue; `requiredMessage` is for a missing value. */
export function textField(validate: TextRule, requiredMessage?: string) {
  const schema = z.string({ error: typeMessage('a string', requiredMessage) }).superRefine((text, context) => {
    const issue = validate(text);
    if (issue !== undefined) reportIssue(context, issue);
  });
  TEXT_RULES.set(schema, validate);
  return schema;
}

/** The rule of a {@link textField}, or of one that may be left out: for thousands of texts, a fraction of what a parse takes. */
export function textRuleOf(schema: z.ZodType): TextRule | undefined {
  return TEXT_RULES.get(schema instanceof z.ZodOptional ? schema.unwrap() : schema);
}

/** Reports a issue at the place the refinement stands. */
export function reportIssue(context: z.RefinementCtx, { message, suggestion }: ValueIssue): void {
  context.addIssue({ code: 'custom', message, params: { suggestion } });
}

/** An object that rejects unknown keys by name and says which it knows, so that a misspelled key cannot vanish. */
export function closedObject<Shape extends z.core.$ZodLooseShape>(shape: Shape, requiredMessage?: string) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `unknown key; known here: ${known}`
        : typeMessage('an object', requiredMessage)(issue),
  });
}

/** A zod error map that names the type that was wanted and the one that was given. */
export function typeMessage(wanted: string, requiredMessage = 'this is required') {
  return ({ input }: { readonly input?: unknown }): string => {
    if (input === undefined) return requiredMessage;
    if (input === null) return `must be ${wanted}, not null: leave the key out instead`;
    return `must be ${wanted}, not ${typeName(input)}`;
  };
}

/** Every issue of a failed parse, one per wrong value and one per unknown key. */
export function toIssues(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: issue.message }));
    }
    const suggestion: unknown = issue.code === 'custom' ? issue.params?.['suggestion'] : undefined;
    return [{ path, message: issue.message, suggestion: typeof suggestion === 'string' ? suggestion : undefined }];
  });
}

function typeName(input: unknown): string {
  if (Array.isArray(input)) return 'an array';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}
