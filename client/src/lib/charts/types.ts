/** One column of a column chart. */
export interface ColumnDatum {
  key: string
  /** On the axis. */
  label: string
  /** In the tooltip and the table. */
  title: string
  value: number
  /** Drawn hatched: the period is not complete. */
  part?: boolean
}

/** One point of a map. */
export interface MapPoint {
  id: string
  title: string
  /** Second line of the tooltip. */
  note?: string
  longitude: number
  latitude: number
  /** Size by area, between 0 and 1; points without it are all alike. */
  weight?: number
}
