// Work that can be done in steps, so that whoever does it may turn to something else in between.

/** Every step is short; what it comes to is returned at the end. */
export type Steps<Result = void> = Generator<void, Result>;

/** What the steps come to, taken one after another without a pause. */
export function lastOf<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
