// The pack's decision tables as rules of json-rules-engine, generated from the same YAML, over the same facts.
//   node rules.mjs PACK FACTS.jsonl          one decision a line, to be compared
//   node rules.mjs PACK FACTS.jsonl SECONDS  {"per_second": …}: the rules are made and the facts parsed before the clock starts
// One engine holds all tables: a table's rows are rules of one priority, so that they are tried together and tables one after
// another; what a row decides becomes a fact for the tables behind it. Nothing is traced: no clauses, no values, no dates.
import { readdirSync, readFileSync } from 'node:fs'
import { Engine } from 'json-rules-engine'
import { parse } from 'yaml'

const [pack, factsFile, seconds] = process.argv.slice(2)
const yaml = (file) => parse(readFileSync(`${pack}/${file}`, 'utf8'))
const files = (folder) => readdirSync(`${pack}/${folder}`).sort().map((name) => yaml(`${folder}/${name}`))

const parameters = new Map(files('parameters').map((p) => [p.id, p]))
const process_ = yaml('process.yaml')
const lists = ['four_zero_failed', 'documents', 'flags']
const comparisons = { at_most: 'lessThanInclusive', below: 'lessThan', at_least: 'greaterThanInclusive', above: 'greaterThan' }
const dayNumber = (date) => Date.parse(date) / 86_400_000

/** A parameter's value; the facts here are of one period, in which none changes. */
function valueOf(id) {
  const { unit, values } = parameters.get(id)
  if (values.length !== 1) throw new Error(`${id} changes: give the facts of one period`)
  return unit === 'date' ? dayNumber(values[0].value) : values[0].value
}

function condition(fact, value) {
  if (typeof value === 'string' && / /.test(value)) {
    const [word, parameter] = value.split(' ')
    return { fact, operator: comparisons[word], value: valueOf(parameter) }
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return { fact, operator: 'notIn', value: [value.not].flat() }
  return Array.isArray(value) ? { fact, operator: 'in', value } : { fact, operator: 'equal', value }
}

let current // the run that is going on: they follow one another
function makeEngine() {
  const engine = new Engine([], { allowUndefinedFacts: false })
  files('tables').forEach((table, place) => {
    table.rows.forEach((row, index) => {
      const all = Object.entries(row.when).map(([fact, value]) => condition(fact, value))
      engine.addRule({
        name: `${table.table} ${index}`,
        priority: 1000 - place,
        conditions: { all: all.length > 0 ? all : [{ fact: 'always', operator: 'equal', value: true }] },
        event: { type: table.table, params: { index } },
        onSuccess: (event, almanac) => {
          for (const [field, value] of Object.entries(row.then ?? {})) {
            if (lists.includes(field)) {
              current.lists[field].push([index, [value].flat()])
              almanac.addFact(field, 'some')
            } else if (!(current.row[field] <= index)) {
              // `hit: first`: of the rows that fit, the first; rows of one priority may answer in any order.
              current.row[field] = index
              current.decided[field] = value
              almanac.addFact(field, value)
            }
          }
        },
      })
    })
  })
  return engine
}

/** As the contract of `tongdian decide` reads facts: what is absent is no and none. */
function slots(facts) {
  const firm = facts.enterprise ?? {}
  const route = facts.route ?? {}
  return {
    always: true,
    customer: facts.customer, asked_voltage: facts.voltage, sources: facts.sources, important: !!facts.important,
    new_installation: !!facts.new_installation, works_needed: !!facts.works_needed, self_built: !!facts.self_built,
    supply_kind: facts.supply_kind, lead: facts.lead, simple_low_risk_project: !!facts.simple_low_risk_project,
    business_licence: !!firm.business_licence, registered_address_is_supply_address: !!firm.registered_address_is_supply_address,
    group_customer: !!firm.group_customer, tariff: firm.tariff ?? 'residential', direct_supply: !!firm.direct_supply,
    in_urban_planning_area: !!firm.in_urban_planning_area, park: firm.park ?? 'none', in_project_library: !!firm.in_project_library,
    site_reason_given: (facts.site_reason ?? '').trim() !== '', road: route.road ?? 'none', reroutes_highway: !!route.reroutes_highway,
    occupies_green: !!route.occupies_green, trees: route.trees ?? 'none', interested_party: !!route.interested_party,
    commitment_conditions_met: !!facts.commitment_conditions_met, requested_kw: facts.requested_kw,
    connected_kva_at_address: firm.connected_kva_at_address ?? 0, source_distance_m: facts.source_distance_m ?? 0,
    applied_on: dayNumber(facts.applied_at.slice(0, 10)), // the facts are written in the pack's zone
    four_zero_failed: 'none', documents: 'none', flags: 'none',
  }
}

async function decide(engine, facts) {
  current = { decided: {}, row: {}, lists: { four_zero_failed: [], documents: [], flags: [] } }
  await engine.run(slots(facts))
  const { decided } = current
  for (const list of lists) decided[list] = current.lists[list].sort((a, b) => a[0] - b[0]).flatMap(([, ids]) => ids)
  decided.stages = Object.entries(process_.plans[decided.plan].stages).map(([id, limit]) => ({ id, limit_wd: valueOf(limit) }))
  return decided
}

const engine = makeEngine()
const all = readFileSync(factsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
if (seconds === undefined) {
  for (const facts of all) console.log(JSON.stringify({ id: facts.id, ...(await decide(engine, facts)) }))
} else {
  for (const facts of all.slice(0, 200)) await decide(engine, facts) // warm
  let decisions = 0
  const begun = performance.now()
  const until = begun + Number(seconds) * 1000
  while (performance.now() < until) {
    for (let i = 0; i < 50; ++i) await decide(engine, all[decisions++ % all.length])
  }
  console.log(JSON.stringify({ per_second: (decisions * 1000) / (performance.now() - begun) }))
}
