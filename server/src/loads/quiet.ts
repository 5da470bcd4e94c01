/** The same promise, whose failure is met by whoever waits for it in the end, and not before. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
