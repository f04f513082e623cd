/** The wall signs in as a device: it shows a code once, a duty lead approves it, and it comes back by itself ever after. */

import { defineStore } from 'pinia'
import { ref } from 'vue'
import { api } from '@/api/calls'
import type { NewDevice, Pairing } from '@/api/calls'
import { Refusal, useDevice } from '@/api/client'
import { SignedOut } from '@/shared/signedOut'
import { newUuid } from '@/shared/uuid'

const KEY = 'relay60.wall'
const OFFER = 'relay60.wall.offer'
const ASK_EVERY_MS = 3_000

interface Kept {
  id: string
  secret: string
  code: string
}

function kept(): Kept | null {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<Kept> | null
    return value?.id && value.secret ? { id: value.id, secret: value.secret, code: value.code ?? '' } : null
  } catch {
    return null
  }
}

export const usePairing = defineStore('pairing', () => {
  const state = ref<'asking' | 'waiting' | 'failed' | 'paired'>('asking')
  const code = ref('')
  const centre = ref('')
  const revoked = ref(false)
  /** Why there is no code: the server's words and remedy, where it has any. */
  const why = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Resolves once this screen is paired; until then the code is on it. */
  function pair(): Promise<void> {
    return new Promise((resolve) => {
      const again = (): void => {
        clearTimeout(timer)
        timer = setTimeout(() => void step(), ASK_EVERY_MS)
      }
      const step = async (): Promise<void> => {
        try {
          const one = await ask()
          why.value = ''
          if (one) {
            centre.value = one.centre?.name ?? ''
            state.value = 'paired'
            revoked.value = false
            return resolve()
          }
        } catch (error) {
          state.value = code.value ? 'waiting' : 'failed'
          why.value = error instanceof Refusal ? [error.problem.detail, error.problem.remedy].filter(Boolean).join('') : ''
        }
        again()
      }
      void step()
    })
  }

  /** A screen to be paired: the same one when an answer was lost and it asks again. */
  async function offered(): Promise<NewDevice> {
    const key = localStorage.getItem(OFFER) ?? newUuid()
    localStorage.setItem(OFFER, key)
    try {
      return await api.makeDevice(key)
    } catch (error) {
      if (error instanceof Refusal && error.problem.status < 500) localStorage.removeItem(OFFER)
      throw error
    }
  }

  async function ask(): Promise<Pairing | null> {
    let own = kept()
    if (!own) {
      useDevice(null)
      own = await offered()
      localStorage.setItem(KEY, JSON.stringify(own))
      localStorage.removeItem(OFFER)
    }
    code.value = own.code
    useDevice(`${own.id}:${own.secret}`)
    try {
      const now = await api.thisDevice()
      if (now.state === 'approved') return now
      if (now.state === 'revoked') lost()
      else state.value = 'waiting'
    } catch (error) {
      if (error instanceof SignedOut || (error instanceof Refusal && error.problem.status < 500)) forget()
      else throw error
    }
    return null
  }

  /** This screen was taken out, or waited too long: it asks for another code. */
  function forget(): void {
    localStorage.removeItem(KEY)
    useDevice(null)
    code.value = ''
    state.value = 'asking'
  }

  /** The server says that this screen was revoked: it says so, and asks for a code, until it is paired anew. */
  function lost(): void {
    revoked.value = true
    forget()
  }

  return { state, code, centre, revoked, why, pair, lost }
})
