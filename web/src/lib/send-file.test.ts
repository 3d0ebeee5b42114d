import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api } from '../api/client'
import { localProblem } from '../api/problem'
import type { Case } from '../api/types'
import { base64, fileKey, largestFile, objectionTo, sendFile, typeOf } from './send-file'

const file = (bytes: number, name = 'a.png', type = 'image/png') => new File([new Uint8Array(bytes).fill(7)], name, { type, lastModified: 5 })
const progress = (received: number) => ({ id: 'f', document: 'identity', type: 'image/png', size: 10, received, part_size: 4, attached: false })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('sends part by part, goes on after a cut where the server is, and hands in', async () => {
  vi.spyOn(api, 'beginFile').mockResolvedValue(progress(0))
  const offsets: number[] = []
  let received = 0
  vi.spyOn(api, 'putFilePart').mockImplementation(async (_number, _file, offset) => {
    offsets.push(offset)
    // The second part arrives, its answer does not.
    if (offsets.length === 2) {
      received = 8
      throw localProblem('web.unreachable')
    }
    if (offset === received) received = Math.min(10, received + 4)
    return progress(received)
  })
  vi.spyOn(api, 'attachFile').mockResolvedValue({ case: { number: 'N' } as Case })
  const heard: number[] = []
  const onCut = vi.fn()
  const done = sendFile('N', 'identity', file(10), (n) => heard.push(n), onCut)
  await vi.runAllTimersAsync()
  expect((await done).number).toBe('N')
  expect(offsets).toEqual([0, 4, 4, 8])
  expect(heard).toEqual([0, 4, 8, 10])
  expect(onCut).toHaveBeenCalledOnce()
})

it('a refusal is not tried again', async () => {
  const begin = vi.spyOn(api, 'beginFile').mockRejectedValue(localProblem('web.unexpected', 422))
  await expect(sendFile('N', 'identity', file(10), () => undefined, () => undefined)).rejects.toThrow()
  expect(begin).toHaveBeenCalledOnce()
})

it('the same file has the same key, another one another', () => {
  expect(fileKey('identity', file(10))).toBe(fileKey('identity', file(10)))
  expect(fileKey('identity', file(10))).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
  for (const other of [fileKey('business_licence', file(10)), fileKey('identity', file(11)), fileKey('identity', file(10, 'b.png'))]) expect(other).not.toBe(fileKey('identity', file(10)))
})

it('bytes as base64, and the type of a file whose type the browser does not know', () => {
  expect(base64(new Uint8Array([0, 255, 16]))).toBe('AP8Q')
  expect(typeOf(file(1, 'IMG.HEIC', ''))).toBe('image/heic')
  expect(typeOf(file(1, 'a.exe', ''))).toBe('application/octet-stream')
})

it.each([
  ['%PDF-1.7\n', null],
  ['\xFF\xD8\xFF\xE0', null],
  ['\x89PNG\r\n\x1A\n', null],
  ['\0\0\0\x18ftypheic', null],
  ['\0\0\0\x18ftypisom', 'papers.notTaken'], // a film
  ['MZ', 'papers.notTaken'],
  ['', 'papers.tooLarge'],
])('what begins with %j', async (text, objection) => {
  expect(await objectionTo(new File([Uint8Array.from(text, (c) => c.charCodeAt(0))], 'a'))).toBe(objection)
})

it('more than the server takes is not sent to it', async () => {
  expect(await objectionTo(file(largestFile + 1))).toBe('papers.tooLarge')
})
