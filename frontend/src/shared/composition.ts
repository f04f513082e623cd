/** Keys by which an input method lets one choose its words (Enter, Escape, digits) are its own: no form, shortcut or picker hears them. */

export function leaveKeysToTheInputMethod(): void {
  window.addEventListener(
    'keydown',
    (event) => {
      // Safari tells of the last key after the composition has ended, and only by its old code.
      if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation()
    },
    true,
  )
}
