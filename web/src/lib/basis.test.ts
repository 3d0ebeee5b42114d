import { expect, it } from 'vitest'
import { groupClauses } from './basis'

it('shows each clause beside the part that its chapter speaks of', () => {
  expect(groupClauses(['二', '二·省时', '二·省钱', '三(一)2', '三(二)3', '三(三)2', '附件1·低压居民', '附件1·注1', '#2', '#17', '#28', '#38', '四(三)'])).toEqual({
    time: ['二·省时', '附件1·低压居民', '附件1·注1', '#2'],
    money: ['二·省钱', '三(三)2', '#38'],
    permit: ['三(一)2', '#17'],
    papers: ['三(二)3', '#28'],
    other: ['二', '四(三)'],
  })
})
