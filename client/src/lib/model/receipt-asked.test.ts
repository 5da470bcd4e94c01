import { describe, expect, it } from 'vitest'
import { ofBar, ofBin, ofMapPoint, ofNumber, ofPoint, ofShare, receiptHref } from './receipt-asked.ts'
import type { HistogramTile, MapTile, SeriesTile, SharesTile, TimeTile } from './tiles.ts'

const rest = { empty: 0, because: '', column: 'C', unit: null, counts: false }
const time = (period: TimeTile['period'], dated: boolean, at: string): TimeTile => ({
  ...{ ...rest, kind: 'time', name: 'time', dated, period },
  bars: [{ at, count: 1, part: false }],
})
const bins = (exact: boolean): HistogramTile => ({
  ...{ ...rest, kind: 'histogram', name: 'mag', exact, step: 0.1 },
  bins: [{ from: 0.3, count: 1 }],
})

describe('what is counted', () => {
  it('is a stretch of time, of days for a date', () => {
    expect(ofBar(time('MONTH', false, '2025-12-01T00:00:00.000Z'), 0).where).toEqual({
      time: { gte: '2025-12-01T00:00:00.000Z', lt: '2026-01-01T00:00:00.000Z' },
    })
    expect(ofBar(time('DECADE', true, '1980-01-01T00:00:00.000Z'), 0).where).toEqual({ time: { gte: '1980-01-01', lt: '1990-01-01' } })
  })

  it('is a step of a number, without what doubles add, and as text where the number is exact', () => {
    expect(ofBin(bins(false), 0).where).toEqual({ mag: { gte: 0.3, lt: 0.4 } })
    expect(ofBin(bins(true), 0).where).toEqual({ mag: { gte: '0.3', lt: '0.4' } })
  })

  it('is a value, yes and no as such', () => {
    const share = (boolean: boolean, key: string): SharesTile => ({
      ...{ kind: 'shares', column: 'C', name: 'c', boolean, others: { values: 0, rows: 0 }, rows: 1, because: '' },
      shares: [{ key, label: key, value: 1 }],
    })
    expect(ofShare(share(false, '1'), 0).where).toEqual({ c: { eq: '1' } })
    expect(ofShare(share(true, '1'), 0).where).toEqual({ c: { eq: true } })
    expect(ofShare(share(true, 'false'), 0).where).toEqual({ c: { eq: false } })
  })

  it('is a row of a map, or a square of it', () => {
    const map = (grouped: boolean, key: string | null): MapTile => ({
      ...{ kind: 'map', size: null, grouped, points: [], places: { latitude: 'a', longitude: 'o', step: 5 }, key, empty: 0, because: '' },
    })
    expect(ofMapPoint(map(false, 'id'), 'x/1')).toEqual({ where: { id: { eq: 'x/1' } }, measure: null })
    expect(ofMapPoint(map(false, null), '3')).toBeNull()
    expect(ofMapPoint(map(true, null), '-5/10')!.where).toEqual({ a: { gte: -5, lt: 0 }, o: { gte: 10, lt: 15 } })
  })

  it('is a mean of one moment or period, of one line', () => {
    const series: SeriesTile = {
      ...{ ...rest, kind: 'series', dated: false, period: 'DAY', by: 'City', name: 'n', time: 't', byName: 'city', means: 'DAY' },
      ...{ lines: [], others: 0 },
    }
    const at = '2026-03-01T00:00:00.000Z'
    expect(ofPoint(series, 'Lund', at)).toEqual({
      where: { t: { gte: at, lt: '2026-03-02T00:00:00.000Z' }, city: { eq: 'Lund' } },
      measure: { fn: 'AVG', column: 'n' },
    })
    expect(ofPoint({ ...series, means: null, byName: null, dated: true }, '', at).where).toEqual({ t: { eq: '2026-03-01' } })
  })

  it('has an address', () => {
    const picked = ofNumber({ column: 'M', name: 'mag', unit: null, min: 0, mean: 1, max: 2 }, 'MAX')
    const url = new URL(receiptHref({ source: 'a', dataset: 'b', ...picked, where: { x: { eq: '&' } } }), 'http://x')
    expect(Object.fromEntries(url.searchParams)).toEqual({ source: 'a', dataset: 'b', where: '{"x":{"eq":"&"}}', fn: 'MAX', column: 'mag' })
  })
})
