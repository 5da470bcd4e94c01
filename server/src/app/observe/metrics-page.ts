import { METRICS, type MetricDefinition } from './metric-list.ts'

/** The page `docs/reference/metrics.md`, made from the list of metrics. */
export function metricsPage(): string {
  const all = Object.entries<MetricDefinition>(METRICS)
  const table = (of: MetricDefinition['of']) => {
    const rows = all
      .filter(([, definition]) => definition.of === of)
      .map(([name, { type, labels, help }]) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`)
    return `| metric | type | labels | what it says |\n| --- | --- | --- | --- |\n${rows.join('\n')}`
  }
  return `# Metrics

Every process shows these at \`/metrics\`, in the text form of Prometheus. How to collect them, a dashboard and alerts: [observe](../guides/observe.md).

A counter begins at 0 with its process. A histogram makes \`_bucket\`, \`_sum\` and \`_count\`. Times are seconds, sizes are bytes.
The series of a source go away with the source.

## Of the platform

Read from the database when they are asked for, at most once in five seconds. Every process says the same, so take one of them: \`max by (source) (…)\`.
While the database does not answer they are left out.

${table('platform')}

## Of the process

What this process did or is. Add them up over processes: \`sum by (source) (rate(…[5m]))\`.

${table('process')}
`
}
