/** What is known of a step: ids, names, counts. Never a value of a row, a setting of a source or a secret. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** A step while it is under way. */
export interface Step {
  /** Adds what has become known. */
  know(facts: Facts): void
  /** Marks the step as failed, by the code of what went wrong, where it does not throw. */
  fail(code: string): void
}

/**
 * Writes down what work consists of and how long each part takes. Called for each request, page and batch, never for each row. It passes on
 * what the work gives or throws, and never disturbs it.
 */
export interface Tracer {
  /** A part of the step that is under way. */
  step<T>(name: string, facts: Facts, work: (step: Step) => Promise<T>): Promise<T>
  /** Work of its own, whatever it was started by. */
  root<T>(name: string, facts: Facts, work: (step: Step) => Promise<T>): Promise<T>
}

const unseen: Step = { know() {}, fail() {} }

/** Writes nothing down. */
export const noTracer: Tracer = {
  step: (_name, _facts, work) => work(unseen),
  root: (_name, _facts, work) => work(unseen),
}
