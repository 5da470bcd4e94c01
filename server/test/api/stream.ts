import type { Answer, TestServer } from './server.ts'

/** An open subscription. */
export interface Stream extends AsyncDisposable {
  readonly status: number
  readonly type: string | null
  /** Answers in the order in which they come; ends when the server ends the stream. */
  readonly events: AsyncGenerator<Answer, void>
}

/** Subscribes as a browser does, with GET and one connection per subscription. */
export async function subscribe({ url }: Pick<TestServer, 'url'>, query: string, variables: Record<string, unknown> = {}): Promise<Stream> {
  const gone = new AbortController()
  const asked = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  const response = await fetch(`${url}/graphql/stream?${asked}`, { headers: { accept: 'text/event-stream' }, signal: gone.signal })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    events: eventsOf(response),
    async [Symbol.asyncDispose]() {
      gone.abort()
    },
  }
}

async function* eventsOf(response: Response): AsyncGenerator<Answer, void> {
  let text = ''
  for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
    text += bytes
    const blocks = text.split('\n\n')
    text = blocks.pop()!
    for (const block of blocks) {
      const data = /^event: next\ndata: (.*)$/m.exec(block)?.[1]
      if (data) yield JSON.parse(data) as Answer
    }
  }
}
