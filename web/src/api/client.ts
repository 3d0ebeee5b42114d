// A thin client over the generated types: one function an operation, values back, problems thrown.
import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { ApiProblem, isProblem, localProblem } from './problem'
import type { AccountChange, ActionInput, CalendarProposal, Facts, FileBeginning, GrantRequest, HandOver, LeadRequest, NewAccount, Session, Submission, SupplyQuestion, WhitelistQuery } from './types'

let language = 'zh'
let csrf = ''

/** The reader's language, in which problems answer. */
export function setLanguage(code: string) {
  language = code
}

/** The token of the session that the cookie carries. */
export function setCsrf(token: string) {
  csrf = token
}

const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  credentials: 'same-origin',
  fetch: (request) => globalThis.fetch(request), // looked up at each call, so that tests can stand in for the network
})
client.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', language === 'en' ? 'en' : 'zh-CN')
    if (csrf && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>
  try {
    got = await answer
  } catch {
    throw localProblem('web.unreachable')
  }
  if (got.response.ok) return got.data as T
  const wait = Number(got.response.headers.get('Retry-After')) || null
  throw isProblem(got.error) ? new ApiProblem(got.error, wait) : localProblem('web.unexpected', got.response.status)
}

/** Also where the page is not served over TLS from loopback, where `randomUUID` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The session's token: after a reload the cookie still knows us, but the token must be asked for. */
async function token(): Promise<string> {
  if (!csrf) csrf = (await api.session()).csrf
  return csrf
}

/** A file of the server, in the reader's language where it has one. */
async function download(address: string): Promise<Blob> {
  let response: Response
  try {
    response = await globalThis.fetch(address, { headers: { 'Accept-Language': language === 'en' ? 'en' : 'zh-CN' } })
  } catch {
    throw localProblem('web.unreachable')
  }
  if (response.ok) return response.blob()
  const error: unknown = await response.json().catch(() => null)
  throw isProblem(error) ? new ApiProblem(error) : localProblem('web.unexpected', response.status)
}

export const api = {
  city: () => value(client.GET('/api/v1/city')),
  durations: () => value(client.GET('/api/v1/durations')),
  clauses: () => value(client.GET('/api/v1/clauses')),
  openCapacity: (place?: { longitude: number; latitude: number }) =>
    value(client.GET('/api/v1/open-capacity', { params: { query: place ?? {} } })),
  openCapacityMap: () => value(client.GET('/api/v1/open-capacity/map')),
  capacityEditions: () => value(client.GET('/api/v1/capacity-editions')),
  weakSpots: () => value(client.GET('/api/v1/supply/weak-spots')),
  feeders: () => value(client.GET('/api/v1/supply/feeders')),
  feeder: (feeder: string, node: string, kw: number) =>
    value(client.GET('/api/v1/supply/feeders/{feeder}', { params: { path: { feeder }, query: node ? { node, kw } : {} } })),
  async draftSupply(question: SupplyQuestion) {
    return value(client.POST('/api/v1/supply/drafts', { body: question, params: { header: { 'X-CSRF-Token': await token() } } }))
  },
  decide: (facts: Facts) => value(client.POST('/api/v1/decide', { body: facts })),
  decideBetter: (facts: Facts) => value(client.POST('/api/v1/decide/better', { body: facts })),
  submit: (body: Submission, key: string) =>
    value(client.POST('/api/v1/cases', { body, params: { header: { 'Idempotency-Key': key } } })),
  async openLead(body: LeadRequest, key: string) {
    return value(client.POST('/api/v1/leads', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  track: (number: string, phone: string) => value(client.POST('/api/v1/track', { body: { number, phone } })),
  proof: (number: string) => value(client.GET('/api/v1/cases/{number}/proof', { params: { path: { number } } })),
  getCase: (number: string) => value(client.GET('/api/v1/cases/{number}', { params: { path: { number } } })),
  async act(number: string, action: string, sequence: number, input: ActionInput, key: string) {
    const header = { 'Idempotency-Key': key, 'X-CSRF-Token': await token() }
    return value(
      client.POST('/api/v1/cases/{number}/actions/{action}', {
        params: {
          path: { number, action: action as 'accept' },
          header,
        },
        body: { expected_sequence: sequence, input },
      }),
    )
  },
  async beginFile(number: string, body: FileBeginning, key: string) {
    const header = { 'Idempotency-Key': key, 'X-CSRF-Token': await token() }
    return value(client.POST('/api/v1/cases/{number}/files', { params: { path: { number }, header }, body }))
  },
  async putFilePart(number: string, file: string, offset: number, bytes: string) {
    const header = { 'X-CSRF-Token': await token() }
    return value(client.PUT('/api/v1/cases/{number}/files/{file}', { params: { path: { number, file }, header }, body: { offset, bytes } }))
  },
  async attachFile(number: string, file: string) {
    const header = { 'Idempotency-Key': newKey(), 'X-CSRF-Token': await token() }
    return value(client.POST('/api/v1/cases/{number}/files/{file}/attach', { params: { path: { number, file }, header } }))
  },
  signIn: (user: string, password: string, code: string): Promise<Session> =>
    value(client.POST('/api/v1/session', { body: { user, password, code } })),
  session: () => value(client.GET('/api/v1/session')),
  signOut: () => value(client.DELETE('/api/v1/session', { params: { header: { 'X-CSRF-Token': csrf } } })),
  forecast: (number: string, on?: string) =>
    value(client.GET('/api/v1/cases/{number}/forecast', { params: { path: { number }, query: { on } } })),
  packs: () => value(client.GET('/api/v1/packs')),
  whatIf: (pack: string) => value(client.GET('/api/v1/packs/{pack}/what-if', { params: { path: { pack } } })),
  logs: () => value(client.GET('/api/v1/logs')),
  async openLog(name: string, size: number) {
    return value(client.POST('/api/v1/logs', { body: { name, size }, params: { header: { 'X-CSRF-Token': await token() } } }))
  },
  async addLogBytes(log: string, offset: number, piece: Blob) {
    return value(
      client.PUT('/api/v1/logs/{log}/bytes', {
        params: { path: { log }, query: { offset }, header: { 'X-CSRF-Token': await token() } },
        headers: { 'Content-Type': 'application/octet-stream' },
        body: piece as unknown as string,
        bodySerializer: (body) => body,
      }),
    )
  },
  async removeLog(log: string) {
    return value(client.DELETE('/api/v1/logs/{log}', { params: { path: { log }, header: { 'X-CSRF-Token': await token() } } }))
  },
  findings: (query: NonNullable<paths['/api/v1/findings']['get']['parameters']['query']>) =>
    value(client.GET('/api/v1/findings', { params: { query } })),
  async judge(finding: string, verdict: 'confirmed' | 'dismissed', note: string, key: string) {
    if (!csrf) csrf = (await api.session()).csrf
    return value(
      client.POST('/api/v1/findings/{finding}/verdict', {
        params: { path: { finding }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': csrf } },
        body: { verdict, note },
      }),
    )
  },
  orders: () => value(client.GET('/api/v1/orders')),
  reports: () => value(client.GET('/api/v1/reports')),
  singleSignOn: () => value(client.GET('/api/v1/oidc')),
  account: () => value(client.GET('/api/v1/account')),
  changePassword: (password: string, next: string, code: string) =>
    value(client.POST('/api/v1/account/password', { body: { password, next, code }, params: { header: { 'X-CSRF-Token': csrf } } })),
  beginSecondFactor: (password: string, code: string) =>
    value(client.POST('/api/v1/account/second-factor', { body: { password, code }, params: { header: { 'X-CSRF-Token': csrf } } })),
  async confirmSecondFactor(code: string) {
    const done = await value(
      client.POST('/api/v1/account/second-factor/confirm', { body: { code }, params: { header: { 'X-CSRF-Token': csrf } } }),
    )
    csrf = done.csrf // the session goes on under a new token
    return done.recovery_codes
  },
  removeSecondFactor: (password: string, code: string) =>
    value(client.POST('/api/v1/account/second-factor/remove', { body: { password, code }, params: { header: { 'X-CSRF-Token': csrf } } })),
  endSession: (id: string) =>
    value(client.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id }, header: { 'X-CSRF-Token': csrf } } })),
  endOtherSessions: () => value(client.DELETE('/api/v1/account/sessions', { params: { header: { 'X-CSRF-Token': csrf } } })),
  resetPassword: (user: string, code: string, password: string) =>
    value(client.POST('/api/v1/password-reset', { body: { user, code, password } })),
  requestPhoneCode: (phone: string) => value(client.POST('/api/v1/phone-codes', { body: { phone } })),
  signInByPhone: (phone: string, code: string): Promise<Session> => value(client.POST('/api/v1/phone-session', { body: { phone, code } })),
  myCases: () => value(client.GET('/api/v1/my/cases')),
  grants: () => value(client.GET('/api/v1/my/grants')),
  giveGrant: (body: GrantRequest, key: string) =>
    value(client.POST('/api/v1/my/grants', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': csrf } } })),
  revokeGrant: (id: string) =>
    value(client.DELETE('/api/v1/my/grants/{id}', { params: { path: { id }, header: { 'X-CSRF-Token': csrf } } })),
  reviews: (number: string) => value(client.GET('/api/v1/cases/{number}/reviews', { params: { path: { number } } })),
  async askReview(number: string, about: 'programme' | 'class' | 'days' | 'cost' | 'documents' | 'permit' | 'other', key: string) {
    if (!csrf) csrf = (await api.session()).csrf // after a reload
    return value(
      client.POST('/api/v1/cases/{number}/reviews', {
        body: { about },
        params: { path: { number }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': csrf } },
      }),
    )
  },
  caseVisits: (number: string) => value(client.GET('/api/v1/cases/{number}/visits', { params: { path: { number } } })),
  async bookVisit(number: string, visit: string, key: string) {
    return value(client.POST('/api/v1/cases/{number}/visits', { body: { visit }, params: { path: { number }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async cancelVisit(number: string, visit: string, key: string) {
    return value(client.POST('/api/v1/cases/{number}/visits/{visit}/cancel', { params: { path: { number, visit }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  visits: (query: NonNullable<paths['/api/v1/visits']['get']['parameters']['query']>) => value(client.GET('/api/v1/visits', { params: { query } })),
  async offerVisits(starts_at: string[], key: string) {
    return value(client.POST('/api/v1/visits', { body: { starts_at }, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async withdrawVisit(visit: string, key: string) {
    return value(client.POST('/api/v1/visits/{visit}/withdraw', { params: { path: { visit }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  complaints: (number: string) => value(client.GET('/api/v1/cases/{number}/complaints', { params: { path: { number } } })),
  myComplaints: () => value(client.GET('/api/v1/my/complaints')),
  async complainInGeneral(body: { about: string; text: string; area: string; enterprise: string }, key: string) {
    return value(client.POST('/api/v1/my/complaints', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async settleMyComplaint(complaint: string, satisfied: boolean, key: string) {
    return value(client.POST('/api/v1/my/complaints/{complaint}/settle', { body: { satisfied }, params: { path: { complaint }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async complain(number: string, body: { about: string; text: string }, key: string) {
    return value(client.POST('/api/v1/cases/{number}/complaints', { body, params: { path: { number }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async settleComplaint(number: string, complaint: string, satisfied: boolean, key: string) {
    return value(
      client.POST('/api/v1/cases/{number}/complaints/{complaint}/settle', { body: { satisfied }, params: { path: { number, complaint }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }),
    )
  },
  whitelist: (query: WhitelistQuery) => value(client.GET('/api/v1/whitelist', { params: { query } })),
  team: (member: string) => value(client.GET('/api/v1/team', { params: { query: { member } } })),
  async handOver(body: HandOver, key: string) {
    return value(client.POST('/api/v1/team/hand-over', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  accounts: () => value(client.GET('/api/v1/accounts')),
  async makeAccount(body: NewAccount, key: string) {
    return value(client.POST('/api/v1/accounts', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  async askChange(id: string, body: AccountChange, key: string) {
    return value(client.POST('/api/v1/accounts/{id}/changes', { body, params: { path: { id }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  calendars: () => value(client.GET('/api/v1/calendars')),
  async proposeCalendar(body: CalendarProposal, key: string) {
    return value(client.POST('/api/v1/calendars', { body, params: { header: { 'Idempotency-Key': key, 'X-CSRF-Token': await token() } } }))
  },
  requests: () => value(client.GET('/api/v1/requests')),
  answerRequest: (id: string, outcome: 'granted' | 'declined', words: string, key: string) =>
    value(
      client.POST('/api/v1/requests/{id}/answer', {
        body: { outcome, words },
        params: { path: { id }, header: { 'Idempotency-Key': key, 'X-CSRF-Token': csrf } },
      }),
    ),
  /** The inbox as a file, in the reader's language. */
  inboxFile: (kind: 'csv' | 'xlsx', query: Record<string, string>) => download(`/api/v1/inbox.${kind}?${new URLSearchParams(query)}`),
  inbox: (query: NonNullable<paths['/api/v1/inbox']['get']['parameters']['query']>) =>
    value(client.GET('/api/v1/inbox', { params: { query } })),
}
