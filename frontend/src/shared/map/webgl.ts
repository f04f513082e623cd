/** Whether this machine draws in WebGL2. Old wall PCs and some remote desktops do not. */
export function hasWebGl2(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2')
    context?.getExtension('WEBGL_lose_context')?.loseContext() // browsers keep only a few
    return context !== null
  } catch {
    return false
  }
}
