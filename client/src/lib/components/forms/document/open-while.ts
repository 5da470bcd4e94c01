/** Opens what is folded in when there is a reason, and never closes it again: a field must not vanish under the one who mends it. */
export const openWhile = (reason: boolean) => (details: HTMLDetailsElement) => {
  if (reason) details.open = true
}
