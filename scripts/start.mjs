// `npm start`: builds what changed, then becomes the server.
import { build } from './build.mjs'

await build()
process.setSourceMapsEnabled(true)
await import('../server/dist/app/main.js')
