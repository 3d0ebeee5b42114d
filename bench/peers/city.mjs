// A city's case over HTTP as one would write it today: Fastify, better-sqlite3 over the same city.db, one process.
//   node city.mjs DATA PACK COOKIE SMALL.json    prints "listening on http://127.0.0.1:PORT"
// GET /api/v1/cases/NUMBER reads what tongdian reads (row, events by their chain, notices, the pack's words) and answers with as
// many bytes of the same shape. It does less: the vault stays shut, no working days are counted, no actions weighed, no access is
// logged. GET /small.json answers with the object of SMALL.json, made into JSON for each request.
import { readFileSync, readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { parse } from 'yaml'

const [data, pack, cookie, small] = process.argv.slice(2)
const db = new Database(`${data}/city.db`, { readonly: true })
const caseRow = db.prepare('SELECT * FROM case_view WHERE stream = (SELECT id FROM stream WHERE name = ?)')
const lastEvent = db.prepare('SELECT last FROM stream WHERE id = ?')
const event = db.prepare('SELECT previous, body FROM event WHERE position = ?')
const notices = db.prepare('SELECT at, zh, en FROM notice WHERE stream = ? ORDER BY id')
const sessions = new Map([[cookie, { user: 'manager' }]])

const yaml = (file) => parse(readFileSync(`${pack}/${file}`, 'utf8'))
const names = new Map()
const clauses = new Map()
const resolutions = new Map(Object.entries(yaml('resolutions.yaml').resolutions))
for (const map of Object.values(yaml('names.yaml'))) for (const [id, name] of Object.entries(map)) names.set(id, name)
for (const [id, name] of Object.entries(yaml('permits.yaml').permits)) names.set(id, name)
const steps = yaml('process.yaml')
for (const [id, { name }] of Object.entries({ ...steps.classes, ...yaml('fees.yaml').boundaries })) names.set(id, name)
for (const { id, name } of [...steps.stages, ...yaml('documents.yaml').documents]) names.set(id, name)
for (const file of readdirSync(`${pack}/text`).filter((name) => /^\d/.test(name)).sort())
  for (const part of readFileSync(`${pack}/text/${file}`, 'utf8').split(/^@ /m).slice(1)) {
    const end = part.indexOf('\n')
    clauses.set(part.slice(0, end), part.slice(end + 1).trim())
  }

const local = (ms) => new Date(ms + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00')
const pick = (map, ids) => Object.fromEntries(ids.map((id) => [id, map.get(id)]))

function explained(decision) {
  const ids = [decision.class, decision.programme, decision.voltage, decision.permit, decision.investment.boundary,
    ...decision.flags, ...decision.four_zero_failed, ...decision.stages.map((s) => s.id), ...Object.values(decision.documents).flat()]
  return {
    ...decision,
    notes: decision.notes.map((id) => ({ id, text: resolutions.get(id).zh, text_en: resolutions.get(id).en })),
    names: pick(names, ids), clause_texts: pick(clauses, decision.clauses), note_texts: pick(resolutions, decision.notes),
  }
}

function readCase(number) {
  const row = caseRow.get(`case/${number}`)
  if (!row) return undefined
  const events = []
  for (let at = lastEvent.get(row.stream).last; at !== 0;) {
    const { previous, body } = event.get(at)
    events.push(JSON.parse(body))
    at = previous
  }
  events.reverse()
  const submitted = events.find((e) => e.payload.decision)
  const opening = events[0].payload.opening
  const stages = (submitted?.payload.decision.stages ?? []).map(({ id, limit_wd }, i) => ({
    id, name: names.get(id), limit_wd, status: 'done', started_at: events[Math.min(i, events.length - 1)].recorded_at,
    ended_at: events[Math.min(i + 1, events.length - 1)].recorded_at, due_on: submitted.payload.decision.due_on, used_wd: 0, late: false,
  }))
  return {
    number, sequence: events.length, class: row.class, area: row.area, township: row.township, enterprise: row.enterprise,
    requested_kw: row.requested_kw, state: row.phase, stage: row.stage, opened_at: local(row.opened_at), customer: opening.facts.customer,
    facts: opening.facts, stages, decision: submitted && explained(submitted.payload.decision),
    timeline: events.map((e) => ({
      position: e.position, type: e.type, title: { zh: e.type, en: e.type }, recorded_at: local(Date.parse(e.recorded_at)),
      occurred_at: null, actor: e.actor, channel: e.channel, clauses: e.payload.decision?.clauses ?? [], note: e.payload.note ?? '',
    })),
    messages: notices.all(row.stream).map(({ at, zh, en }) => ({ at: local(at), text: { zh, en } })),
  }
}

const app = Fastify({ logger: false })
app.get('/api/v1/cases/:number', (request, reply) => {
  if (!sessions.has(request.headers.cookie)) return reply.code(401).send({ code: 'unauthenticated' })
  const found = readCase(request.params.number)
  return found ? { case: found } : reply.code(404).send({ code: 'not_found' })
})
const smallObject = JSON.parse(readFileSync(small, 'utf8'))
app.get('/small.json', () => smallObject)
await app.listen({ host: '127.0.0.1', port: 0, backlog: 4096 })
console.log(`listening on http://127.0.0.1:${app.server.address().port}`)
