// The one error that pages see: either the server's problem, or the lack of an answer.
import type { Problem } from './types'

export class ApiProblem extends Error {
  constructor(
    readonly problem: Problem,
    /** Seconds the server asks us to wait, when it says. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.code)
  }
}

/** No answer, or one that is no problem document: the pages put `web.unreachable` and `web.unexpected` into words. */
export function localProblem(code: 'web.unreachable' | 'web.unexpected', status = 0): ApiProblem {
  return new ApiProblem({
    type: `urn:tongdian:problem:${code}`,
    title: code,
    status,
    code,
    detail: '',
    detail_en: '',
    clauses: [],
    next: '',
    next_en: '',
    path: '',
  })
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'path' in value
}

/** Whatever was thrown, as a problem that a page can show. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : localProblem('web.unexpected')
}
