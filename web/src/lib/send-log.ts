// A log goes to the server piece by piece; after a cut connection it goes on where the server's bytes end.
import { api } from '../api/client'
import type { ReadLog } from '../api/types'
import { stubbornly } from './send-file'

/** Below the server's limit of a request's body. */
const piece = 60 * 1024

/** `told` hears of each piece; `stopped` ends it between two of them. */
export async function sendLog(file: Blob, name: string, told: (log: ReadLog) => void, stopped: () => boolean): Promise<ReadLog> {
  let log = await api.openLog(name, file.size)
  told(log)
  while (log.stage === 'receiving' && !stopped()) {
    const { id, received } = log
    log = await stubbornly(() => api.addLogBytes(id, received, file.slice(received, received + piece)), () => undefined)
    told(log)
  }
  return log
}
