/** Answers the questions of one turn together: `ask` is called once with every key that was asked for until then. */
export function gathered<T>(ask: (keys: string[]) => Promise<ReadonlyMap<string, T>>): (key: string) => Promise<T | undefined> {
  let keys = new Set<string>()
  let answer: Promise<ReadonlyMap<string, T>> | null = null
  const askAll = (): Promise<ReadonlyMap<string, T>> => {
    const asked = [...keys]
    keys = new Set()
    answer = null
    return ask(asked)
  }
  return async (key) => {
    keys.add(key)
    answer ??= Promise.resolve().then(askAll)
    return (await answer).get(key)
  }
}
