/** Which items a grid member may settle on the spot; the server has the last word. Rules: docs/rules.md, "An issue". Pure. */

interface Settleable {
  level: string
  sensitive: boolean
  kind: string
}

const KINDS: ReadonlySet<string> = new Set(['dispute', 'service'])

/** A dispute or a service, general, not sensitive. */
export const settles = (item: Settleable): boolean =>
  item.level === 'general' && !item.sensitive && KINDS.has(item.kind)
