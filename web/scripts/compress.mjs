// Writes NAME.gz beside every text asset of dist, so that the server need not compress, and prints the size of the first page and of the
// customer's heaviest one.
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

/** With everything that a page's script imports before it runs; what it fetches later is not counted. */
function withImports(name, seen) {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const [, next] of readFileSync(join(dist, name), 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) withImports(`/assets/${next}`, seen)
  return seen
}
// Whoever applies or follows a case on a phone may come by any of these: each is somebody's first page.
const pages = ['HomePage', 'CheckPage', 'ApplyPage', 'TrackPage', 'CasePage', 'MyPage'].map((page) => {
  const own = [...compressed.keys()].find((name) => name.startsWith(`/assets/${page}-`) && name.endsWith('.js'))
  const all = new Set(first.flatMap((name) => [...withImports(name, new Set())]))
  // The home page comes with the first script.
  if (own) withImports(own, all)
  else if (page !== 'HomePage') throw new Error(`no script of ${page} in dist`)
  return { page, bytes: [...all].reduce((sum, name) => sum + (compressed.get(name) ?? 0), 0) }
})
for (const { page, bytes } of pages) if (bytes > most) throw new Error(`${page} has ${bytes} bytes of script (gzip), more than ${most}`)
const heaviest = pages.reduce((a, b) => (b.bytes > a.bytes ? b : a))
console.log(`heaviest page of a customer: ${heaviest.page}, ${(heaviest.bytes / 1024).toFixed(1)} KiB gzip`)
