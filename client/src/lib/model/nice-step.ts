/** The step next to the one asked for among 1, 2, 2.5 and 5 times a power of ten; whole numbers get whole steps. */
export function niceStep(rough: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const far = (step: number) => Math.abs(Math.log(step / rough))
  const step = [1, 2, 2.5, 5, 10]
    .map((factor) => factor * power)
    .reduce((best, candidate) => (far(candidate) < far(best) ? candidate : best))
  return whole ? Math.max(1, Math.ceil(step)) : Number(step.toPrecision(12))
}
