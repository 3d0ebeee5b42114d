// Checks a case's events against a signed head with nothing but the browser: RFC 9162 hashing and inclusion, Ed25519.
import type { CaseProof, Head } from '../api/types'

const encoder = new TextEncoder()

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  if (hex.length % 2 !== 0 || !/^[0-9a-f]*$/.test(hex)) throw new Error('not hex')
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16))
}

export function toHex(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined))
}

/** SHA-256(0x00 ‖ event), in hex. */
export async function leafHash(event: string): Promise<string> {
  return toHex(await sha256(Uint8Array.of(0), encoder.encode(event)))
}

/**
 * RFC 9162 2.1.3.2: does the path lead from the leaf at `index` (from 0) to the root of a tree of `size` leaves?
 * Sizes are below 2^53, so the indices are halved as numbers: JavaScript's shifts would cut them to 32 bits.
 */
export async function included(leaf: string, index: number, size: number, path: string[], root: string): Promise<boolean> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  let node = index
  let last = size - 1
  let hash: Uint8Array = fromHex(leaf)
  for (const step of path) {
    if (last === 0) return false
    const sibling = fromHex(step)
    if (node % 2 === 1 || node === last) {
      hash = await sha256(Uint8Array.of(1), sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, sibling)
    }
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && toHex(hash) === root
}

/** What the head's signature covers, built anew: the canonical JSON of its members (keys in order, no space). */
export function signedText(head: Head): string {
  return JSON.stringify({ log: head.log, root: head.root, signed_at: head.signed_at, size: head.size })
}

/** `unsupported`: this browser has no Ed25519; nothing is claimed then. */
export async function checkSignature(head: Head): Promise<'good' | 'bad' | 'unsupported'> {
  if (head.signed_text !== signedText(head)) return 'bad'
  let key: CryptoKey
  try {
    key = await crypto.subtle.importKey('raw', fromHex(head.public_key), { name: 'Ed25519' }, false, ['verify'])
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotSupportedError' ? 'unsupported' : 'bad'
  }
  const good = await crypto.subtle.verify({ name: 'Ed25519' }, key, fromHex(head.signature), encoder.encode(signedText(head)))
  return good ? 'good' : 'bad'
}

export type EventCheck = { position: number; event: string; leaf: boolean; included: boolean }
export type Verdict = {
  /** Every event hashes to its leaf, is in the tree, and stands at the place that it claims. */
  whole: boolean
  signature: 'good' | 'bad' | 'unsupported'
  events: EventCheck[]
}

/** The event's own position must be that of its leaf, else a true event could be shown in the wrong place. */
function claimsPosition(event: string, position: number): boolean {
  try {
    const parsed: unknown = JSON.parse(event)
    return typeof parsed === 'object' && parsed !== null && 'position' in parsed && parsed.position === position
  } catch {
    return false
  }
}

export async function verifyProof(proof: CaseProof): Promise<Verdict> {
  const { head } = proof
  const events: EventCheck[] = []
  for (const { position, event, leaf, path } of proof.events) {
    let hashed = false
    let inside = false
    try {
      hashed = (await leafHash(event)) === leaf && claimsPosition(event, position)
      inside = await included(leaf, position - 1, head.size, path, head.root)
    } catch {
      // A malformed hash is a proof that does not hold, not a page that breaks.
    }
    events.push({ position, event, leaf: hashed, included: inside })
  }
  const whole = events.length > 0 && events.every((check) => check.leaf && check.included)
  return { whole, signature: await checkSignature(head).catch(() => 'bad' as const), events }
}
