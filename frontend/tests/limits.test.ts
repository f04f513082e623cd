/** How long a text may be is said once, by the server; a screen keeps what is too much, counts it and does not send it. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApp, defineComponent, h, nextTick, reactive, withDirectives } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LIMITS } from '@/api/limits'
import { charsOf, vLimit } from '@/shared/limit'

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sources(path) : /\.(vue|ts)$/.test(entry.name) ? [path] : []
  })

describe('the limits', () => {
  it('are one for every text that a step takes', () => {
    const steps = Object.entries(LIMITS).filter(([name]) => !/^(Report|PublicReport|Suggest)In$/.test(name))
    const texts = steps.flatMap(([, fields]) => Object.entries(fields)).filter(([field]) => /^(text|reason|waive_reason|answer)$/.test(field))
    expect(new Set(texts.map(([, most]) => most))).toEqual(new Set([LIMITS.ReasonIn.reason]))
    expect(texts.length).toBeGreaterThan(15)
  })

  it('cut nothing anywhere: no field has a maxlength, every text field a limit', () => {
    for (const path of sources('src')) {
      const source = readFileSync(path, 'utf8')
      expect(source, path).not.toMatch(/\bmaxlength\b/i)
      for (const [field] of source.matchAll(/<textarea[^>]*>/g)) {
        if (!field.includes('name="keywords"')) expect(field, path).toContain('v-limit') // a list: each word has a limit of its own
      }
    }
  })
})

describe('what is searched for', () => {
  it.each(['src/console/SearchDialog.vue', 'src/leader/FindIssue.vue', 'src/admin/PeopleSection.vue'])('has a limit where the server is asked: %s', (path) => {
    expect(readFileSync(path, 'utf8')).toMatch(/<input v-model="(form\.q|words|q)"[^>]*v-limit/)
  })
})

describe('a field with a limit', () => {
  let unmount = (): void => undefined
  afterEach(() => {
    unmount()
    document.body.replaceChildren()
  })

  function one<Kind extends Element>(wanted: string): Kind {
    const found = document.querySelector<Kind>(wanted)
    if (!found) throw new Error(wanted)
    return found
  }

  function form(most: number) {
    const typed = reactive({ text: '' })
    const sent = vi.fn()
    const view = defineComponent(() => () =>
      h('form', { novalidate: true, onSubmit: sent, onKeydown: sent }, [
        withDirectives(h('textarea', { value: typed.text, onInput: (event: Event) => (typed.text = (event.target as HTMLTextAreaElement).value) }), [[vLimit, most]]),
      ]),
    )
    const app = createApp(view)
    app.mount(document.body.appendChild(document.createElement('div')))
    unmount = () => {
      app.unmount()
    }
    const field = one<HTMLTextAreaElement>('textarea')
    return {
      typed,
      sent,
      field,
      note: one<HTMLElement>('.limit'),
      async write(text: string) {
        field.value = text
        field.dispatchEvent(new Event('input'))
        await nextTick()
      },
      send: () => one('form').dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
      hurry: () => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true })),
    }
  }

  it('keeps 2304 characters, counts them and sends nothing', async () => {
    const it_ = form(2_000)
    await it_.write('诉'.repeat(2_304))
    expect(it_.typed.text).toHaveLength(2_304)
    expect(it_.note.textContent).toBe('2304 / 2000，超出 304 字，请精简后再提交。')
    expect(it_.note.hidden).toBe(false)
    it_.send()
    it_.hurry()
    expect(it_.sent).not.toHaveBeenCalled()
    await it_.write('诉'.repeat(2_000))
    expect(it_.note.textContent).toBe('2000 / 2000')
    it_.send()
    expect(it_.sent).toHaveBeenCalledOnce()
  })

  it('is silent while there is room, and counts as the server does', async () => {
    const it_ = form(10)
    await it_.write('三个字')
    expect(it_.note.hidden).toBe(true)
    await it_.write('  ' + '😀'.repeat(10) + '\n')
    expect(it_.note.textContent).toBe('10 / 10')
    it_.send()
    expect(it_.sent).toHaveBeenCalledOnce()
    expect(charsOf('😀 ')).toBe(1)
  })

  it('counts what was there before it was drawn', () => {
    const typed = form(3)
    typed.field.value = '四个字了'
    typed.field.dispatchEvent(new Event('input'))
    expect(typed.note.classList.contains('over')).toBe(true)
  })
})
