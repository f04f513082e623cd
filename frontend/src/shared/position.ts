/** Where this device is now: the best of a few seconds, with the circle it may be off by, and when that was. */

import { onActivated, onBeforeUnmount, onDeactivated, onMounted, ref, shallowRef, watch } from 'vue'
import { clock } from './clock'

export interface Fix {
  lon: number
  lat: number
  accuracy_m: number
  /** On the clock that counts a phone's sleep too (ms). */
  at: number
}
/** As it is sent. */
export type Told = Omit<Fix, 'at'> & { system: 'WGS84' }
export type Trouble = 'insecure' | 'denied' | 'unavailable'

const GOOD_M = 25
/** From here on the circle tells a street at best: whoever goes there needs words too. */
export const ROUGH_M = 100
const PATIENCE_MS = 8_000
const YOUNG_MS = 2 * 60_000 // who walks on is a street further by then: it is asked for anew
const OLDEST_MS = 5 * 60_000 // never sent any more

const ageOf = (fix: Fix): number => clock.lived() - fix.at

/** The better of two fixes of one asking: the smaller circle. */
export const better = (a: Fix | null, b: Fix): Fix => (a && a.accuracy_m <= b.accuracy_m ? a : b)

export function usePosition() {
  const fix = shallowRef<Fix | null>(null)
  const trouble = ref<Trouble | null>(null)
  const seeking = ref(false)
  /** What was known before it was asked for anew: it serves again when nothing better comes, while it may be sent. */
  let former: Fix | null = null
  let end: () => void = () => undefined

  /** Watches until the circle is small or patience ends; what is best so far is shown meanwhile. */
  function ask(): void {
    if (seeking.value) return
    former = fix.value
    fix.value = trouble.value = null
    if (!('geolocation' in navigator) || !window.isSecureContext) {
      trouble.value = 'insecure'
      return
    }
    seeking.value = true
    const watched = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const { longitude: lon, latitude: lat, accuracy } = coords
        fix.value = better(fix.value, { lon, lat, accuracy_m: Math.ceil(accuracy), at: clock.lived() })
        if (fix.value.accuracy_m <= GOOD_M) end()
      },
      (error) => {
        end()
        if (!fix.value) trouble.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS },
    )
    const patience = setTimeout(() => {
      end()
    }, PATIENCE_MS)
    end = () => {
      end = () => undefined
      clearTimeout(patience)
      navigator.geolocation.clearWatch(watched)
      if (!fix.value && former && ageOf(former) <= OLDEST_MS) fix.value = former
      former = null
      seeking.value = false
    }
  }

  /** Asks anew for a position from which the person may have walked on; leaves a young one, and none. */
  function renew(): void {
    if (fix.value && ageOf(fix.value) > YOUNG_MS) ask()
  }

  /** Also what is still being asked for: it belongs to what was written before. */
  function forget(): void {
    former = null
    end()
    fix.value = trouble.value = null
  }

  /** The position to send, at most five minutes old; null where there is none. One that has grown old is asked for anew first. */
  async function told(): Promise<Told | null> {
    renew()
    if (seeking.value && former) await sought()
    if (!fix.value || ageOf(fix.value) > OLDEST_MS) return null
    const { lon, lat, accuracy_m } = fix.value
    return { lon, lat, accuracy_m, system: 'WGS84' }
  }

  const sought = (): Promise<void> =>
    new Promise((done) => {
      const stop = watch(seeking, (still) => {
        if (still) return
        stop()
        done()
      }, { flush: 'sync' })
    })

  /** Whoever comes back to the page or to its tab may be elsewhere. */
  const back = (): void => {
    if (document.visibilityState === 'visible') renew()
  }
  const listen = (): void => {
    document.addEventListener('visibilitychange', back)
  }
  const rest = (): void => {
    document.removeEventListener('visibilitychange', back)
  }
  onMounted(listen)
  onActivated(() => {
    listen()
    renew()
  })
  onDeactivated(rest)
  onBeforeUnmount(() => {
    rest()
    forget()
  })

  return { fix, trouble, seeking, ask, renew, forget, told }
}
