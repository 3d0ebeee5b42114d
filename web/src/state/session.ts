// Who is signed in: staff at the desk, or a customer with one case.
import { shallowRef, type Ref } from 'vue'
import { api, setCsrf } from '../api/client'
import { ApiProblem } from '../api/problem'
import type { Session } from '../api/types'

const session = shallowRef<Session | null>(null)

function hold(next: Session | null) {
  session.value = next
  setCsrf(next?.csrf ?? '')
}

/** Asks the server who we are; null when nobody. Other problems are thrown. */
async function load(): Promise<Session | null> {
  try {
    hold(await api.session())
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.status !== 401) throw error
    hold(null)
  }
  return session.value
}

export const isStaff = (who: Session | null) => who !== null && who.roles.some((role) => role !== 'customer')

export function useSession() {
  return {
    session: session as Readonly<Ref<Session | null>>,
    load,
    async signIn(user: string, password: string, code = '') {
      hold(await api.signIn(user, password, code))
    },
    /** A customer's session for every case of their phone. */
    async signInByPhone(phone: string, code: string) {
      hold(await api.signInByPhone(phone, code))
    },
    async signOut() {
      await api.signOut()
      hold(null)
    },
    /** A customer's session, opened by number and phone. */
    async track(number: string, phone: string) {
      const answer = await api.track(number, phone)
      session.value = null // the staff's session, if any, is over: the cookie is the case's now
      setCsrf(answer.session.csrf)
      return answer.case
    },
  }
}
