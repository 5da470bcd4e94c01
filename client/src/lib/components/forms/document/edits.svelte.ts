import { isBlock, valueAt, type Path } from '#lib/model/document-shape.ts'
import { readText, removeAt, renameAt, setAt, type PlacedFault } from '#lib/model/document-text.ts'

/** Changes a text part by part, and knows what is wrong with which of them. */
export class Edits {
  private readonly read: () => string
  private readonly write: (text: string) => void
  private readonly faults: () => readonly PlacedFault[]

  constructor(read: () => string, write: (text: string) => void, faults: () => readonly PlacedFault[]) {
    this.read = read
    this.write = write
    this.faults = faults
  }

  /** What the text says at that place. */
  valueAt(path: Path): unknown {
    return valueAt(readText(this.read()).value, path)
  }

  set(path: Path, value: unknown): void {
    this.write(setAt(this.read(), path, value))
  }

  remove(path: Path): void {
    this.write(removeAt(this.read(), path))
  }

  /** Gives a part another name, unless it is taken. */
  rename(path: Path, name: string): void {
    const block = this.valueAt(path.slice(0, -1))
    if (name !== path.at(-1) && name !== '' && isBlock(block) && !Object.hasOwn(block, name)) this.write(renameAt(this.read(), path, name))
  }

  /** What is wrong with the part itself. */
  faultOf(path: Path): string | undefined {
    return this.said((inside) => inside === '', path)
  }

  /** What is wrong with parts inside that have no field of their own: those not among `shown`. */
  faultIn(path: Path, shown: readonly string[]): string | undefined {
    return this.said((inside) => inside !== '' && !shown.some((name) => inside === name || inside.startsWith(`${name}.`)), path)
  }

  /** Both together, for a part whose fault stands in one place. */
  faultAt(path: Path, shown: readonly string[] = []): string | undefined {
    return [this.faultOf(path), this.faultIn(path, shown)].filter(Boolean).join(' ') || undefined
  }

  /** The sentences about places inside of a part that pass. */
  private said(passes: (inside: string) => boolean, path: Path): string | undefined {
    const place = path.join('.')
    const own = this.faults().filter((fault) => {
      if (fault.path === place) return passes('')
      if (place === '') return passes(fault.path)
      return fault.path.startsWith(`${place}.`) && passes(fault.path.slice(place.length + 1))
    })
    return own.map(({ message }) => message).join(' ') || undefined
  }

  /** True when something inside of the part is wrong. */
  isWrong(path: Path): boolean {
    const place = path.join('.')
    return this.faults().some((fault) => fault.path === place || fault.path.startsWith(`${place}.`))
  }
}
