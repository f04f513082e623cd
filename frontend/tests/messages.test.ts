/** Messages within a matter: which are unread, and how one is shown. */

import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { createApp, nextTick } from 'vue'
import type { IssueDetail, MessageDetail } from '@/api/calls'
import MessageLine from '@/shared/components/MessageLine.vue'
import { unread } from '@/shared/reading'

const message = (more: Partial<MessageDetail> = {}): MessageDetail => ({
  id: 'm1',
  version: 1,
  order: 'o1',
  kind: 'message',
  unit: 'desk',
  by: '林晓舟',
  at: '2026-12-01T01:00:00Z',
  text: '何时到场？',
  asks: null,
  answer_by: null,
  answered_at: null,
  answers: null,
  struck: null,
  read: [],
  open_verbs: [],
  ...more,
})
const detailOf = (...messages: MessageDetail[]): IssueDetail => ({ id: 'i1', messages, orders: [], photos: [], files: [] }) as unknown as IssueDetail
const STRUCK = { at: '2026-12-01T01:05:00Z', unit: 'desk', by: '顾海平', ground: 'mistaken' as const }

it('is unread until somebody of one of the own units had it before the eyes; the own and struck ones are not', () => {
  const read = message({ id: 'read', read: [{ unit: 'ours', at: '2026-12-01T01:01:00Z' }] })
  const others = message({ id: 'others', read: [{ unit: 'theirs', at: '2026-12-01T01:01:00Z' }] })
  const own = message({ id: 'own', unit: 'ours' })
  const struck = message({ id: 'struck', struck: STRUCK })
  expect(unread(detailOf(message(), read, others, own, struck), new Set(['ours']))).toEqual(['m1', 'others'])
})

async function drawn(one: MessageDetail): Promise<HTMLElement> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const root = document.createElement('div')
  createApp(MessageLine, { detail: detailOf(one), id: one.id, alone: true }).use(pinia).mount(root)
  await nextTick()
  return root
}
const textOf = (root: HTMLElement, part: string): string | undefined => root.querySelector(`[data-testid="${part}"]`)?.textContent?.trim()

it('stays legible where it was struck, with who, when and why', async () => {
  const root = await drawn(message({ struck: STRUCK }))
  expect(root.querySelector('s')?.textContent).toBe('何时到场？')
  expect(textOf(root, 'message-struck')).toMatch(/顾海平.*划去：内容有误/)
})

it('says that an answer is late once its time is over, and offers what the server offers', async () => {
  const root = await drawn(message({ asks: 'ours', answer_by: '2020-01-01T00:00:00Z', open_verbs: ['answer'] }))
  expect(textOf(root, 'message-asks')).toContain('逾期未答复')
  expect([textOf(root, 'answer-message'), textOf(root, 'strike-message')]).toEqual(['答复', undefined])
  const done = await drawn(message({ asks: 'ours', answer_by: '2020-01-01T00:00:00Z', answered_at: '2026-12-01T01:03:00Z' }))
  expect(textOf(done, 'message-asks')).toContain('已答复')
})
