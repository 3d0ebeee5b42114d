import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { CaseProof, Head } from '../api/types'
import { checkSignature, included, leafHash, signedText, verifyProof } from './merkle'

// An independent tree, by the recursive definition of RFC 9162 2.1.1 and with another implementation of SHA-256.
const hash = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const leaf = (text: string) => hash(Buffer.from([0]), Buffer.from(text))
const node = (left: Buffer, right: Buffer) => hash(Buffer.from([1]), left, right)
function split(n: number) {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  const k = split(leaves.length)
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)))
}
function path(index: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return index < k ? [...path(index, leaves.slice(0, k)), root(leaves.slice(k))] : [...path(index - k, leaves.slice(k)), root(leaves.slice(0, k))]
}
const event = (position: number) => JSON.stringify({ position, stream: 'case/YT211115-00001', type: 'case.submitted', who: '客户' })

const keys = generateKeyPairSync('ed25519')
function proofOf(size: number, positions: number[]): CaseProof {
  const texts = Array.from({ length: size }, (_, i) => event(i + 1))
  const leaves = texts.map(leaf)
  const head: Head = {
    log: 'test',
    size,
    root: root(leaves).toString('hex'),
    signed_at: '2021-11-15T01:00:00.000Z',
    key_id: '0',
    public_key: keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'),
    signature: '',
    signed_text: '',
  }
  head.signed_text = signedText(head)
  head.signature = sign(null, Buffer.from(head.signed_text), keys.privateKey).toString('hex')
  const events = positions.map((position) => ({
    position,
    event: texts[position - 1]!,
    leaf: leaves[position - 1]!.toString('hex'),
    path: path(position - 1, leaves).map((step) => step.toString('hex')),
  }))
  return { format: 'tongdian-receipt', version: 1, number: 'YT211115-00001', suite: 'sha256-ed25519', head, keys: [], events }
}

describe('leaf', () => {
  it('is SHA-256 of a zero byte and the text: the published value for an empty one', async () => {
    expect(await leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d')
  })
})

describe('inclusion', () => {
  it('holds for every leaf of every tree up to 17 leaves, and for no other place in it', async () => {
    for (let size = 1; size <= 17; size++) {
      const leaves = Array.from({ length: size }, (_, i) => leaf(`leaf ${i}`))
      const top = root(leaves).toString('hex')
      for (let index = 0; index < size; index++) {
        const steps = path(index, leaves).map((step) => step.toString('hex'))
        const own = leaves[index]!.toString('hex')
        expect(await included(own, index, size, steps, top), `${index} of ${size}`).toBe(true)
        if (size > 1) expect(await included(own, (index + 1) % size, size, steps, top), `${index} of ${size}, moved`).toBe(false)
      }
    }
  })
  it('refuses a changed leaf, a cut path, a longer path and a place outside', async () => {
    const leaves = Array.from({ length: 7 }, (_, i) => leaf(`leaf ${i}`))
    const top = root(leaves).toString('hex')
    const steps = path(4, leaves).map((step) => step.toString('hex'))
    expect(await included(leaf('other').toString('hex'), 4, 7, steps, top)).toBe(false)
    expect(await included(leaves[4]!.toString('hex'), 4, 7, steps.slice(1), top)).toBe(false)
    expect(await included(leaves[4]!.toString('hex'), 4, 7, [...steps, steps[0]!], top)).toBe(false)
    expect(await included(leaves[4]!.toString('hex'), 7, 7, steps, top)).toBe(false)
    expect(await included(leaves[4]!.toString('hex'), -1, 7, steps, top)).toBe(false)
  })
})

describe('a proof of a case', () => {
  it('is genuine as it was made', async () => {
    const verdict = await verifyProof(proofOf(11, [2, 7, 11]))
    expect(verdict.whole).toBe(true)
    expect(verdict.signature).toBe('good')
    expect(verdict.events.map((one) => one.position)).toEqual([2, 7, 11])
  })
  it('shows which event was altered', async () => {
    const proof = proofOf(11, [2, 7])
    proof.events[1]!.event = proof.events[1]!.event.replace('客户', '别人')
    const verdict = await verifyProof(proof)
    expect(verdict.whole).toBe(false)
    expect(verdict.events.map((one) => one.leaf)).toEqual([true, false])
  })
  it('does not take a true event for another place', async () => {
    const proof = proofOf(11, [2])
    proof.events[0]!.position = 3
    expect((await verifyProof(proof)).whole).toBe(false)
  })
  it('does not take a root that the key did not sign, nor a signature over other members', async () => {
    const proof = proofOf(11, [2])
    proof.head.size = 12
    expect(await checkSignature(proof.head)).toBe('bad')
    const other = proofOf(11, [2])
    other.head.signature = '00'.repeat(64)
    expect(await checkSignature(other.head)).toBe('bad')
  })
  it('is not whole without events, and malformed hashes are a verdict, not a crash', async () => {
    expect((await verifyProof(proofOf(3, []))).whole).toBe(false)
    const proof = proofOf(3, [1])
    proof.events[0]!.path = ['zz']
    proof.head.signature = 'zz'
    const verdict = await verifyProof(proof)
    expect(verdict.whole).toBe(false)
    expect(verdict.signature).toBe('bad')
  })
})
