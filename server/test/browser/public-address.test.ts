import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProduct, type Product } from './product.ts'

let product: Product
beforeAll(async () => void (product = await startProduct({ HANDOVER_PUBLIC_URL: 'https://data.example.org/' })), 90_000)
afterAll(() => product?.[Symbol.asyncDispose]())

/** Sends the form that pauses a source as a browser does that sees the dashboard at `origin`; a proxy passes `host` on. */
function sendForm(host: string, origin: string, more: Record<string, string> = {}): Promise<number> {
  const { port } = new URL(product.url)
  const headers = { host, origin, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...more }
  return new Promise((settle, fail) => {
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path: '/sources?/pause', headers }, (response) => {
      response.resume()
      settle(response.statusCode!)
    })
    sent.on('error', fail)
    sent.end('source=users&paused=true')
  })
}

it('takes forms at the public address, behind a proxy that ends TLS', async () => {
  expect(await sendForm('data.example.org', 'https://data.example.org')).toBe(200)
})

it('takes forms on this machine as before', async () => {
  const { host } = new URL(product.url)
  expect(await sendForm(host, `http://${host}`)).toBe(200)
})

it('refuses forms of other pages, whatever a header says', async () => {
  const { host } = new URL(product.url)
  expect(await sendForm('data.example.org', 'https://evil.example')).toBe(403)
  expect(await sendForm('data.example.org', 'http://data.example.org')).toBe(403)
  expect(await sendForm(host, `https://${host}`, { 'x-forwarded-proto': 'https' })).toBe(403)
  expect(await sendForm('evil.example', 'https://evil.example')).toBe(421)
})
