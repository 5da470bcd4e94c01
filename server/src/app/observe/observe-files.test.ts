import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../config.ts'
import { seriesNames } from './metrics.ts'
import { METRICS, type MetricDefinition } from './metric-list.ts'

const read = (name: string): string => readFileSync(join(ROOT, 'docs/observe', name), 'utf8')

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}
interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

const panels = (JSON.parse(read('grafana-dashboard.json')) as { panels: Panel[] }).panels
const rules = (parse(read('alert-rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)
const questions = [...panels.flatMap(({ targets = [] }) => targets), ...rules].map(({ expr }) => expr)

describe('dashboard and alerts', () => {
  it('name metrics that there are, with labels that these have', () => {
    const known = seriesNames()
    for (const expr of questions) {
      for (const [, name, filter = ''] of expr.matchAll(/\b(handover_[a-z_]+)(?:\{([^}]*)\})?/g)) {
        expect([expr, known.includes(name!)]).toEqual([expr, true])
        const metric = METRICS[name!.replace(/_(bucket|sum|count)$/, '') as keyof typeof METRICS] as MetricDefinition
        for (const [, label] of filter.matchAll(/([a-z_]+)\s*(?:=~|!=|=)/g))
          expect([expr, metric.labels.includes(label!)]).toEqual([expr, true])
      }
    }
    expect(questions.length).toBeGreaterThan(25)
  })

  it('ask for states that there are', () => {
    const asked = questions.flatMap((expr) =>
      [...expr.matchAll(/handover_source_state\{state=~?"([A-Z_|]+)"/g)].flatMap(([, states]) => states!.split('|')),
    )
    expect(asked.length).toBeGreaterThan(3)
    for (const state of asked) expect(METRICS.handover_source_state.help).toContain(`\`${state}\``)
  })

  it('have no two panels in one place, and no alert without a word on what to do', () => {
    const covers = ({ gridPos: a }: Panel, { gridPos: b }: Panel) =>
      a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
    for (const panel of panels) expect(panels.filter((other) => covers(panel, other)).map(({ title }) => title)).toEqual([panel.title])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    for (const { alert, annotations, labels } of rules) {
      expect([alert, annotations.description.length > 20, ['critical', 'warning'].includes(labels.severity)]).toEqual([alert, true, true])
    }
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})
