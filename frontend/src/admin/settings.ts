/** A setting's value in words. Pure. */

import { admin as words } from '@/shared/words/admin'
import type { Setting } from './calls'

export function settingShown(value: Setting['value'], setting: Setting): string {
  if (typeof value === 'boolean') return value ? words.settings.on : words.settings.off
  if (value === '') return words.settings.empty
  return `${String(value)} ${setting.unit_zh}`.trim()
}
