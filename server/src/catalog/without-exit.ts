/** Runs `work` while modules below these addresses cannot end the process: `process.exit` throws there, and works as ever for all others. */
export async function withoutExit<T>(addresses: readonly string[], work: () => Promise<T>): Promise<T> {
  const { exit } = process
  process.exit = (code) => {
    const { stack = '' } = new Error()
    if (addresses.some((address) => stack.includes(address)))
      throw new Error('It calls process.exit, which would end Handover for everybody.')
    return exit.call(process, code)
  }
  try {
    return await work()
  } finally {
    process.exit = exit
  }
}
