// Writes NAME.gz beside every text asset of dist, so that the server need not compress, and prints the size of the first page.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/', import.meta.url).pathname

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else yield path
  }
}

const compressed = new Map()
for (const path of files(dist)) {
  if (!/\.(js|css|html|svg|json)$/.test(path)) continue
  // Level 9 and no name or time in the header: the same sources give the same bytes.
  const bytes = gzipSync(readFileSync(path), { level: 9 })
  writeFileSync(path + '.gz', bytes)
  compressed.set('/' + path.slice(dist.length), bytes.length)
}

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((match) => match[1])
const total = first.reduce((sum, name) => sum + (compressed.get(name) ?? 0), 0)
const most = 120 * 1024
if (total > most) throw new Error(`the first page has ${total} bytes of script (gzip), more than ${most}`)
console.log(`first page: ${first.length} scripts, ${(total / 1024).toFixed(1)} KiB gzip`)
