import { describe, expect, it } from 'vitest'
import { isNear } from '@/shared/map/ground'

const DISTRICT: [[number, number], [number, number]] = [
  [120.3, 30.6],
  [120.5, 30.8],
]

describe('where a map may go', () => {
  it.each([
    [[120.4, 30.7], true],
    [[120.6, 30.7], true],
    [[120.4, 30.99], true],
    [[120.8, 30.7], false],
    [[121.5, 31.2], false],
    [[2.35, 48.85], false],
    [[0, 0], false],
    [[NaN, 30.7], false],
  ] as [[number, number], boolean][])('%j: %s', (at, near) => {
    expect(isNear(DISTRICT, at)).toBe(near)
  })
})
