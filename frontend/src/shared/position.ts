/** Where this device is, by the press of a button; the best of a few seconds, with the circle it may be off by. */

import { ref, shallowRef } from 'vue'

export interface Fix {
  lon: number
  lat: number
  accuracy_m: number
}
export type Trouble = 'insecure' | 'denied' | 'unavailable'

const GOOD_M = 25
/** From here on the circle tells a street at best: whoever goes there needs words too. */
export const ROUGH_M = 100
const PATIENCE_MS = 8_000

/** The better of two fixes: the smaller circle. */
export const better = (a: Fix | null, b: Fix): Fix => (a && a.accuracy_m <= b.accuracy_m ? a : b)

export function usePosition() {
  const fix = shallowRef<Fix | null>(null)
  const trouble = ref<Trouble | null>(null)
  const seeking = ref(false)

  /** Watches until the circle is small or patience ends; what is best so far is shown meanwhile. */
  function ask(): void {
    if (seeking.value) return
    trouble.value = null
    if (!('geolocation' in navigator) || !window.isSecureContext) {
      trouble.value = 'insecure'
      return
    }
    seeking.value = true
    const watch = navigator.geolocation.watchPosition(
      ({ coords }) => {
        const { longitude: lon, latitude: lat, accuracy } = coords
        fix.value = better(fix.value, { lon, lat, accuracy_m: Math.ceil(accuracy) })
        if (fix.value.accuracy_m <= GOOD_M) finish()
      },
      (error) => {
        if (!fix.value) trouble.value = error.code === error.PERMISSION_DENIED ? 'denied' : 'unavailable'
        finish()
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS },
    )
    const patience = setTimeout(finish, PATIENCE_MS)
    function finish(): void {
      clearTimeout(patience)
      navigator.geolocation.clearWatch(watch)
      seeking.value = false
    }
  }

  function forget(): void {
    fix.value = null
    trouble.value = null
  }

  return { fix, trouble, seeking, ask, forget }
}
