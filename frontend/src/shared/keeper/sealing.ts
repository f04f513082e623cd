/**
 * Seals what a person has written, so that only that person opens it again: ECDH on P-256 with a key made for each box,
 * HKDF-SHA-256, AES-256-GCM. Whoever has the public half can seal; the secret half comes from the server, after the sign-in.
 */

/** Halves of a person's key, base64url as in a JWK (RFC 7518, 6.2). */
export interface PublicHalf {
  x: string
  y: string
}
export interface Secret extends PublicHalf {
  d: string
}

/** What lies on the device. */
export interface Sealed {
  /** The box's own public key, uncompressed. */
  own: Uint8Array<ArrayBuffer>
  iv: Uint8Array<ArrayBuffer>
  box: Uint8Array<ArrayBuffer>
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const
export const CIPHER = 'AES-GCM'
export const IV_BYTES = 12 // NIST SP 800-38D; each box has a key of its own besides
const SHARED_BITS = 256
const INFO = new TextEncoder().encode('relay60.drafts')

/** False where a browser has no WebCrypto: on plain http, other than on this machine itself. */
export const canSeal = (): boolean => Boolean((globalThis.crypto as Crypto | undefined)?.subtle)

const jwk = ({ x, y }: PublicHalf): JsonWebKey => ({ kty: 'EC', crv: CURVE.namedCurve, x, y, ext: true })

export const publicKey = (half: PublicHalf): Promise<CryptoKey> => crypto.subtle.importKey('jwk', jwk(half), CURVE, false, [])

/** The secret half, which no script gets out again. */
export const secretKey = (secret: Secret): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', { ...jwk(secret), d: secret.d, ext: false }, CURVE, false, ['deriveBits'])

async function cipher(mine: CryptoKey, theirs: CryptoKey, own: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, SHARED_BITS)
  const key = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: own, info: INFO }, key, { name: CIPHER, length: 256 }, false, [use])
}

/** Bytes in a box that one key opens, and only where it lies. */
export type Boxed = Pick<Sealed, 'iv' | 'box'>

export async function boxed(key: CryptoKey, what: Uint8Array<ArrayBuffer>, place: string): Promise<Boxed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const box = await crypto.subtle.encrypt({ name: CIPHER, iv, additionalData: new TextEncoder().encode(place) }, key, what)
  return { iv, box: new Uint8Array(box) }
}

/** The bytes again. Rejects for another key, another place, or what was changed. */
export async function unboxed(key: CryptoKey, { iv, box }: Boxed, place: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: CIPHER, iv, additionalData: new TextEncoder().encode(place) }, key, box))
}

/**
 * Seals bytes to a person.
 *
 * place   what it lies under: moved to another place, it does not open
 */
export async function seal(to: CryptoKey, what: Uint8Array<ArrayBuffer>, place: string): Promise<Sealed> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  const own = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const key = await cipher(pair.privateKey, to, own, 'encrypt')
  return { own, ...(await boxed(key, what, place)) }
}

/** The bytes again. Rejects for another person's, another place's, or what was changed. */
export async function unseal(by: CryptoKey, { own, iv, box }: Sealed, place: string): Promise<Uint8Array<ArrayBuffer>> {
  const theirs = await crypto.subtle.importKey('raw', own, CURVE, false, [])
  const key = await cipher(by, theirs, own, 'decrypt')
  return unboxed(key, { iv, box }, place)
}
