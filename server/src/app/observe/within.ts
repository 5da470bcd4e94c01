/** Gives the answer when it comes within `ms`, else throws; what comes later is let go. */
export async function within<T>(ms: number, asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer came within ${ms} ms.`)), ms)
  })
  return Promise.race([asked, late]).finally(() => clearTimeout(timer))
}
