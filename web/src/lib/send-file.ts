// A file to the server, part by part. What is there stays there: after a cut connection, and after the page was closed, the same
// file goes on where it stopped, since its key is made of what it is.
import { api } from '../api/client'
import type { ApiProblem } from '../api/problem'
import type { Case } from '../api/types'

/** Two rounds of a 32-bit hash over the text, as hex: enough to tell a person's files apart; it guards nothing. */
function hash(text: string): string {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193)
    b = Math.imul(b ^ text.charCodeAt(i), 0x85ebca6b) + i
  }
  return [a, b].map((each) => (each >>> 0).toString(16).padStart(8, '0')).join('')
}

export function fileKey(document: string, file: File): string {
  return `file-${hash([document, file.name, file.size, file.lastModified].join('/'))}`
}

/** Browsers do not know every type by its name. */
export function typeOf(file: File): string {
  if (file.type) return file.type
  return /\.hei[cf]$/i.test(file.name) ? 'image/heic' : 'application/octet-stream'
}

/** As the server takes them (connection/papers.hpp). */
export const largestFile = 10 * 1024 * 1024
const beginnings: [from: number, bytes: string][] = [
  [0, '%PDF-'],
  [0, '\xFF\xD8\xFF'],
  [0, '\x89PNG\r\n\x1A\n'],
  ...['heic', 'heix', 'heim', 'heis', 'mif1'].map((brand): [number, string] => [4, `ftyp${brand}`]),
]

/** Why the server would refuse it: said before it is sent. It looks again. */
export async function objectionTo(file: File): Promise<'papers.notTaken' | 'papers.tooLarge' | null> {
  if (file.size === 0 || file.size > largestFile) return 'papers.tooLarge'
  const first = String.fromCharCode(...new Uint8Array(await file.slice(0, 12).arrayBuffer()))
  return beginnings.some(([from, bytes]) => first.startsWith(bytes, from)) ? null : 'papers.notTaken'
}

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

const cut = (error: unknown) => (error as ApiProblem).problem?.code === 'web.unreachable'
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Tries again while there is no answer; longer each time, at once when the browser says that the network is back. */
export async function stubbornly<T>(ask: () => Promise<T>, onCut: () => void, waits = [1000, 2000, 4000, 8000]): Promise<T> {
  for (const wait of waits) {
    try {
      return await ask()
    } catch (error) {
      if (!cut(error)) throw error
      onCut()
      await Promise.race([pause(wait), new Promise((done) => globalThis.addEventListener('online', done, { once: true }))])
    }
  }
  return ask()
}

/** Sends and hands in; `onProgress` hears how many bytes are there, `onCut` that there is no answer for now. */
export async function sendFile(number: string, document: string, file: File, onProgress: (received: number) => void, onCut: () => void): Promise<Case> {
  let at = await stubbornly(() => api.beginFile(number, { document, type: typeOf(file), size: file.size }, fileKey(document, file)), onCut)
  onProgress(at.received)
  while (at.received < at.size) {
    const bytes = base64(new Uint8Array(await file.slice(at.received, at.received + at.part_size).arrayBuffer()))
    const offset = at.received
    at = await stubbornly(() => api.putFilePart(number, at.id, offset, bytes), onCut)
    onProgress(at.received)
  }
  return (await stubbornly(() => api.attachFile(number, at.id), onCut)).case
}
