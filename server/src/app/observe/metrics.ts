import { Counter, Gauge, Histogram, Registry, type Metric } from 'prom-client'
import { METRICS, type LabelsOf, type MetricDefinition, type MetricName, type MetricOf } from './metric-list.ts'

/** The values of every metric of one process. A series is there from the moment that it is first given a value. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #metrics: ReadonlyMap<string, Metric>

  constructor() {
    // A gauge of the driver without labels begins at 0, which would be said before anything is known.
    this.#metrics = new Map(Object.entries<MetricDefinition>(METRICS).map(([name, definition]) => [name, this.#make(name, definition)]))
    for (const [, metric] of this.#metrics) if (metric instanceof Gauge) metric.remove({})
  }

  /** Adds to a counter; adding 0 makes its series, so that the first one that follows is seen as growth. */
  add<Name extends MetricOf<'counter'>>(name: Name, labels: LabelsOf<Name>, by = 1): void {
    ;(this.#metrics.get(name) as Counter).inc(labels, by)
  }

  /** Says how something is now. */
  set<Name extends MetricOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, value: number): void {
    ;(this.#metrics.get(name) as Gauge).set(labels, value)
  }

  /** Counts one length of time. */
  observe<Name extends MetricOf<'histogram'>>(name: Name, labels: LabelsOf<Name>, seconds: number): void {
    ;(this.#metrics.get(name) as Histogram).observe(labels, Math.max(0, seconds))
  }

  /** Forgets every series of a gauge: what is not known any more is left out. */
  clear(name: MetricOf<'gauge'>): void {
    const gauge = this.#metrics.get(name) as Gauge
    gauge.reset()
    gauge.remove({})
  }

  /** Forgets the series of every counter whose source is not among these. */
  async keepSources(slugs: ReadonlySet<string>): Promise<void> {
    for (const [name, { type, labels }] of Object.entries<MetricDefinition>(METRICS)) {
      if (type !== 'counter' || !labels.includes('source')) continue
      const counter = this.#metrics.get(name) as Counter
      for (const { labels: of } of (await counter.get()).values) if (!slugs.has(String(of['source']))) counter.remove(of)
    }
  }

  /** All of them in the text form of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics()
  }

  /** The media type of that text. */
  get contentType(): string {
    return this.#registry.contentType
  }

  #make(name: string, { type, help, labels, buckets }: MetricDefinition): Metric {
    const made = { name, help: help.replaceAll('`', ''), labelNames: [...labels], registers: [this.#registry] }
    if (type === 'histogram') return new Histogram({ ...made, buckets: [...buckets!] })
    return type === 'counter' ? new Counter(made) : new Gauge(made)
  }
}

/** For tests of the documentation: every name that may stand in a query, those that a histogram makes included. */
export const seriesNames = (): readonly string[] =>
  (Object.keys(METRICS) as MetricName[]).flatMap((name) =>
    METRICS[name].type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  )
