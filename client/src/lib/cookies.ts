const YEAR = 31_536_000

/** Keeps a preference of this browser where the server sees it at the next visit. */
export function keep(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax`
}
