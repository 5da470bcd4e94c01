// What the server is started with so that it stays small (docs/decisions/0013-flat-memory.md): V8 would otherwise let the heap grow to many
// times of what is in use before it tidies up. Written into package.json too, which can read no file; a test holds them together.
export const memoryFlags = ['--max-semi-space-size=16', '--heap-growing-percent=100']
