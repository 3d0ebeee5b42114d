// A thin client over the generated types: one function an operation, values back, problems thrown.
import createClient from 'openapi-fetch'
import type { paths } from './schema'
import { ApiProblem, isProblem, localProblem } from './problem'
import type { ActionInput, Facts, Session, Submission } from './types'

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

export const api = {
  city: () => value(client.GET('/api/v1/city')),
  clauses: () => value(client.GET('/api/v1/clauses')),
  openCapacity: (place?: { longitude: number; latitude: number }) =>
    value(client.GET('/api/v1/open-capacity', { params: { query: place ?? {} } })),
  decide: (facts: Facts) => value(client.POST('/api/v1/decide', { body: facts })),
  submit: (body: Submission, key: string) =>
    value(client.POST('/api/v1/cases', { body, params: { header: { 'Idempotency-Key': key } } })),
  track: (number: string, phone: string) => value(client.POST('/api/v1/track', { body: { number, phone } })),
  proof: (number: string) => value(client.GET('/api/v1/cases/{number}/proof', { params: { path: { number } } })),
  getCase: (number: string) => value(client.GET('/api/v1/cases/{number}', { params: { path: { number } } })),
  async act(number: string, action: string, sequence: number, input: ActionInput, key: string) {
    // After a reload the cookie still knows us, but the token must be asked for.
    if (!csrf) csrf = (await api.session()).csrf
    return value(
      client.POST('/api/v1/cases/{number}/actions/{action}', {
        params: {
          path: { number, action: action as 'accept' },
          header: { 'Idempotency-Key': key, 'X-CSRF-Token': csrf },
        },
        body: { expected_sequence: sequence, input },
      }),
    )
  },
  signIn: (user: string, password: string): Promise<Session> => value(client.POST('/api/v1/session', { body: { user, password } })),
  session: () => value(client.GET('/api/v1/session')),
  signOut: () => value(client.DELETE('/api/v1/session', { params: { header: { 'X-CSRF-Token': csrf } } })),
  forecast: (number: string, on?: string) =>
    value(client.GET('/api/v1/cases/{number}/forecast', { params: { path: { number }, query: { on } } })),
  packs: () => value(client.GET('/api/v1/packs')),
  whatIf: (pack: string) => value(client.GET('/api/v1/packs/{pack}/what-if', { params: { path: { pack } } })),
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
  inbox: (query: NonNullable<paths['/api/v1/inbox']['get']['parameters']['query']>) =>
    value(client.GET('/api/v1/inbox', { params: { query } })),
}
