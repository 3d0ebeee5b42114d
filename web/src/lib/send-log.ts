// A log goes to the server piece by piece; after a cut connection it goes on where the server's bytes end.
import { api } from '../api/client'
import { asProblem } from '../api/problem'
import type { ReadLog } from '../api/types'

/** Below the server's limit of a request's body. */
const PIECE = 60 * 1024
const PATIENCE = 5

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** `told` hears of each piece. A cut connection is waited out some times; every other problem is thrown. */
export async function sendLog(file: Blob, name: string, told: (log: ReadLog) => void, stopped: () => boolean): Promise<ReadLog> {
  let log = await api.openLog(name, file.size)
  told(log)
  for (let failures = 0; log.stage === 'receiving' && !stopped(); ) {
    try {
      log = await api.addLogBytes(log.id, log.received, file.slice(log.received, log.received + PIECE))
      failures = 0
      told(log)
    } catch (error) {
      const problem = asProblem(error)
      if (problem.problem.code !== 'web.unreachable' || ++failures > PATIENCE) throw problem
      await wait(1000 * failures)
    }
  }
  return log
}
