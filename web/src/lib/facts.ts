// What the form holds, and the facts that the policy is asked about. No legal number is known here: the policy answers.
import type { Facts, FirmFacts, LeadRequest, Route, Submission } from '../api/types'

export type Form = {
  customer: Facts['customer']
  newInstallation: boolean
  area: string
  township: string
  address: string
  name: string
  phone: string
  enterprise: string
  kw: number | null
  supplyKind: Facts['supply_kind']
  voltage: Facts['voltage']
  sources: 1 | 2
  important: boolean
  works: boolean
  selfBuilt: boolean
  distance: number | null
  siteReason: string
  conditionsMet: boolean
  simpleLowRisk: boolean
  road: Route['road']
  reroutesHighway: boolean
  green: boolean
  trees: Route['trees']
  interestedParty: boolean
  licence: boolean
  addressMatches: boolean
  group: boolean
  tariff: FirmFacts['tariff']
  directSupply: boolean
  /** kVA at the address, this request included; null means the request alone. */
  connectedKva: number | null
  urban: boolean
  park: FirmFacts['park']
  library: boolean
  /** Of a case that the utility opens itself: what told it, which project, and when; city wall time, `2021-11-15T08:30`. */
  lead: Facts['lead']
  projectCode: string
  arrivedAt: string
}

/** The usual case of a household; `asFirm` has the usual answers of a small firm. */
export function emptyForm(): Form {
  return {
    customer: 'resident',
    newInstallation: true,
    area: '',
    township: '',
    address: '',
    name: '',
    phone: '',
    enterprise: '',
    kw: null,
    supplyKind: 'ordinary',
    voltage: 'lv',
    sources: 1,
    important: false,
    works: false,
    selfBuilt: false,
    distance: null,
    siteReason: '',
    conditionsMet: false,
    simpleLowRisk: false,
    road: 'none',
    reroutesHighway: false,
    green: false,
    trees: 'none',
    interestedParty: false,
    licence: true,
    addressMatches: true,
    group: false,
    tariff: 'general_commercial',
    directSupply: true,
    connectedKva: null,
    urban: true,
    park: 'none',
    library: false,
    lead: 'none',
    projectCode: '',
    arrivedAt: '',
  }
}

const isHighVoltage = (form: Form) => form.customer === 'non_resident' && form.voltage !== 'lv'

/** Questions whose answer would be left over from another choice are not asked, and not answered. */
export function asked(form: Form) {
  const firm = form.customer === 'non_resident'
  const high = isHighVoltage(form)
  return {
    firm,
    high,
    route: form.works,
    selfBuilt: form.works && high,
    conditions: form.works && high,
    reroutes: form.works && form.road === 'highway',
    siteReason: form.works && (form.distance ?? 0) > 0 && high,
    estate: firm,
  }
}

export function toFacts(form: Form): Facts {
  const ask = asked(form)
  const facts: Facts = {
    customer: form.customer,
    voltage: ask.firm ? form.voltage : 'lv',
    requested_kw: form.kw ?? 0,
    sources: ask.high ? form.sources : 1,
    important: ask.high && form.important,
    new_installation: form.newInstallation,
    works_needed: form.works,
    self_built: ask.selfBuilt && form.selfBuilt,
    supply_kind: !ask.firm && form.supplyKind === 'unified_estate' ? 'ordinary' : form.supplyKind,
    lead: form.lead,
    simple_low_risk_project: ask.firm && form.simpleLowRisk,
    source_distance_m: form.works ? (form.distance ?? 0) : 0,
    site_reason: ask.siteReason ? form.siteReason.trim() : '',
    commitment_conditions_met: ask.conditions && form.conditionsMet,
  }
  if (ask.route)
    facts.route = {
      road: form.road,
      reroutes_highway: ask.reroutes && form.reroutesHighway,
      occupies_green: form.green,
      trees: form.trees,
      interested_party: form.interestedParty,
    }
  if (ask.firm)
    facts.enterprise = {
      business_licence: form.licence,
      registered_address_is_supply_address: form.licence && form.addressMatches,
      group_customer: form.group,
      tariff: form.tariff,
      direct_supply: form.directSupply,
      connected_kva_at_address: form.connectedKva ?? form.kw ?? 0,
      in_urban_planning_area: form.urban,
      park: form.park,
      in_project_library: form.library,
    }
  return facts
}

export function toSubmission(form: Form, channel: Submission['channel']): Submission {
  return {
    facts: toFacts(form),
    applicant: { name: form.name.trim(), phone: plainPhone(form.phone) },
    site: { area: form.area, township: form.township, address: form.address.trim() },
    enterprise: form.enterprise,
    channel,
  }
}

/** The same, as a lead that the utility opens a case from. */
export function toLead(form: Form): LeadRequest {
  const { facts, applicant, site, enterprise } = toSubmission(form, 'counter')
  return { project_code: form.projectCode.trim(), applicant, ...site, enterprise, requested_kw: facts.requested_kw, arrived_at: `${form.arrivedAt}:00+08:00`, facts }
}

/** The screen on which a field stands. */
export const screens: Record<1 | 2, (keyof Form)[]> = {
  1: ['customer', 'newInstallation', 'area', 'township', 'address', 'name', 'phone', 'enterprise', 'lead', 'projectCode', 'arrivedAt'],
  2: ['kw', 'supplyKind', 'voltage', 'sources', 'important', 'works', 'selfBuilt', 'distance', 'siteReason', 'conditionsMet',
    'simpleLowRisk', 'road', 'reroutesHighway', 'green', 'trees', 'interestedParty', 'licence', 'addressMatches', 'group', 'tariff',
    'directSupply', 'connectedKva', 'urban', 'park', 'library'],
}

/** What must be filled in before the next screen; the rest is for the server to judge. */
export function missing(form: Form, screen: 1 | 2): (keyof Form)[] {
  const empty: (keyof Form)[] = []
  if (screen === 1) {
    for (const key of ['area', 'township', 'address', 'name', 'phone'] as const) if (!form[key].trim()) empty.push(key)
    if (form.lead !== 'none') for (const key of ['projectCode', 'arrivedAt'] as const) if (!form[key].trim()) empty.push(key)
  } else if (typeof form.kw !== 'number') empty.push('kw')
  return empty
}

/** The digits, without the country's 86: as the server keeps a phone. */
export function plainPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return digits.length === 13 && digits.startsWith('86') ? digits.slice(2) : digits
}

/** What is filled in but cannot be meant: the limits are the interface's, the policy has its own. */
export function wrong(form: Form, screen: 1 | 2): ('phone' | 'kw')[] {
  if (screen === 1) {
    const { length } = plainPhone(form.phone)
    return form.phone.trim() && (length < 5 || length > 20) ? ['phone'] : []
  }
  return typeof form.kw === 'number' && !(form.kw > 0 && form.kw <= 1_000_000) ? ['kw'] : []
}

const fieldAt: Record<string, keyof Form> = {
  '/project_code': 'projectCode',
  '/arrived_at': 'arrivedAt',
  '/lead': 'lead',
  '/customer': 'customer',
  '/new_installation': 'newInstallation',
  '/requested_kw': 'kw',
  '/voltage': 'voltage',
  '/sources': 'sources',
  '/important': 'important',
  '/works_needed': 'works',
  '/self_built': 'selfBuilt',
  '/supply_kind': 'supplyKind',
  '/simple_low_risk_project': 'simpleLowRisk',
  '/source_distance_m': 'distance',
  '/site_reason': 'siteReason',
  '/commitment_conditions_met': 'conditionsMet',
  '/route/road': 'road',
  '/route/reroutes_highway': 'reroutesHighway',
  '/route/occupies_green': 'green',
  '/route/trees': 'trees',
  '/route/interested_party': 'interestedParty',
  '/enterprise/business_licence': 'licence',
  '/enterprise/registered_address_is_supply_address': 'addressMatches',
  '/enterprise/group_customer': 'group',
  '/enterprise/tariff': 'tariff',
  '/enterprise/direct_supply': 'directSupply',
  '/enterprise/connected_kva_at_address': 'connectedKva',
  '/enterprise/in_urban_planning_area': 'urban',
  '/enterprise/park': 'park',
  '/enterprise/in_project_library': 'library',
}
const submissionFieldAt: Record<string, keyof Form> = {
  '/applicant/name': 'name',
  '/applicant/phone': 'phone',
  '/site/area': 'area',
  '/site/township': 'township',
  '/site/address': 'address',
  '/enterprise': 'enterprise',
}

/** The field that a problem's JSON pointer names, whether it points into facts or into a submission; null if none. */
export function fieldOf(pointer: string): keyof Form | null {
  if (pointer.startsWith('/facts/')) return fieldAt[pointer.slice('/facts'.length)] ?? null
  return submissionFieldAt[pointer] ?? fieldAt[pointer] ?? null
}
