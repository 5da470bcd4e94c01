import { createZstdDecompress, type ZstdDecompress } from 'node:zlib'

/**
 * Unpacks zstd of any number of frames one behind the other, as `cat` and programs that pack in parallel make them. Node's own stream stops
 * without a word behind the first frame that ends in the middle of what it was given (nodejs/node#64741), so each frame gets a stream of its own.
 */
export async function* unpackZstd(bytes: AsyncIterable<Uint8Array>, chunkSize: number): AsyncGenerator<Uint8Array> {
  let frame = new Frame(chunkSize)
  try {
    for await (const chunk of bytes) {
      let rest = chunk
      while (rest.byteLength > 0) {
        const used = yield* frame.feed(rest)
        if (used === rest.byteLength) break
        rest = rest.subarray(used)
        frame.close()
        frame = new Frame(chunkSize)
      }
    }
    yield* frame.end()
  } finally {
    frame.close()
  }
}

/** A stream that is fed by hand, so that it tells how much of its food it took. */
class Frame {
  readonly #stream: ZstdDecompress
  #fault: Error | null = null
  #wake: () => void = () => {}

  constructor(chunkSize: number) {
    this.#stream = createZstdDecompress({ chunkSize })
    this.#stream.on('readable', () => this.#wake())
    this.#stream.on('end', () => this.#wake())
    this.#stream.on('error', (error) => {
      this.#fault = error
      this.#wake()
    })
  }

  /** What these bytes unpack to; gives how many of them belong to the frame. */
  async *feed(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    const before = this.#stream.bytesWritten
    let isTaken = false
    this.#stream.write(bytes, () => {
      isTaken = true
      this.#wake()
    })
    yield* this.#until(() => isTaken)
    return this.#stream.bytesWritten - before
  }

  /** What is left; throws when the frame is not whole. */
  async *end(): AsyncGenerator<Uint8Array> {
    this.#stream.end()
    yield* this.#until(() => this.#stream.readableEnded)
  }

  close(): void {
    this.#stream.destroy()
  }

  async *#until(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#stream.read() as Uint8Array | null
      if (chunk !== null) yield chunk
      else if (this.#fault !== null) throw this.#fault
      else if (isDone()) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
