/** Writes how long each text of each command may be, as the server declares it, for the screens: `npm run api`. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Of a document: shape → field → most characters. */
export function limitsOf(document) {
  const longest = (schema) => schema.maxLength ?? (schema.anyOf ?? []).map(longest).find((most) => most !== undefined)
  const found = {}
  for (const [name, shape] of Object.entries(document.components.schemas).sort()) {
    if (name.endsWith('Out')) continue
    const fields = Object.entries(shape.properties ?? {}).map(([field, schema]) => [field, longest(schema)])
    const limited = fields.filter(([, most]) => most !== undefined).sort()
    if (limited.length) found[name] = Object.fromEntries(limited)
  }
  return found
}

export const textOf = (limits) =>
  '/** Most characters of each text of a command. Made from openapi.json by `npm run api`: the server declares them. */\n' +
  `export const LIMITS = ${JSON.stringify(limits, null, 2).replaceAll('"', '')} as const\n`

if (process.argv[1]?.endsWith('limits.mjs')) {
  const document = JSON.parse(readFileSync(new URL('src/api/openapi.json', import.meta.url), 'utf8'))
  writeFileSync(new URL('src/api/limits.ts', import.meta.url), textOf(limitsOf(document)))
}
