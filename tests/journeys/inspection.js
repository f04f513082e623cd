// What a picture of a page would show to be wrong, read from its layout: the same on every machine, whatever its fonts.
() => {
  const faults = []
  const named = (one) => {
    const words = (one.getAttribute('aria-label') || one.innerText || one.getAttribute('name') || '').trim().slice(0, 30)
    return `<${one.tagName.toLowerCase()}${one.dataset.testid ? ` ${one.dataset.testid}` : ''} class="${one.className}"> ${words}`
  }
  const wide = document.documentElement.scrollWidth - window.innerWidth
  if (wide > 1) faults.push(`the page is ${wide} px wider than its window`)

  const modal = [...document.querySelectorAll('dialog[open]')].at(-1)
  const within = modal ?? document.body
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest('[data-map], .sr-only, svg')
  // What a scrolling ancestor has cut away, or what lies outside of the window, is to be scrolled to: not judged.
  const inSight = (one) => {
    const box = one.getBoundingClientRect()
    const x = box.x + box.width / 2, y = box.y + box.height / 2
    for (let outer = one.parentElement; outer; outer = outer.parentElement) {
      const style = getComputedStyle(outer)
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const edge = outer.getBoundingClientRect()
      if (x < edge.left || x > edge.right || y < edge.top || y > edge.bottom) return null
    }
    return x >= 0 && y >= 0 && x < innerWidth && y < innerHeight ? { box, x, y } : null
  }

  for (const one of within.querySelectorAll('button, a[href], input:not([type=file]), select, textarea, summary')) {
    if (!shown(one)) continue
    const box = one.getBoundingClientRect()
    if (box.width < 4 || box.height < 4) {
      if (!one.closest('label')) faults.push(`nothing to hit: ${named(one)}`)
      continue
    }
    const seen = inSight(one)
    if (!seen) continue
    if (box.left < -1 || box.right > innerWidth + 1) faults.push(`runs off the screen: ${named(one)}`)
    const hit = document.elementFromPoint(seen.x, seen.y)
    if (hit && !one.contains(hit) && !hit.contains(one) && !one.closest('label')?.contains(hit)) {
      faults.push(`covered: ${named(one)} by ${named(hit)}`)
    }
  }

  // What one chooses from or presses lies side by side, never one over the other.
  const pressed = 'button, label, a[href]'
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2
  for (const one of within.querySelectorAll(pressed)) {
    if (!shown(one) || !inSight(one)) continue
    const box = one.getBoundingClientRect()
    for (let next = one.nextElementSibling; next; next = next.nextElementSibling) {
      if (!next.matches(pressed) || !shown(next) || !meet(box, next.getBoundingClientRect())) continue
      faults.push(`lies over another: ${named(one)} and ${named(next)}`)
      break
    }
  }

  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT)
  const leaves = new Set()
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement
    if (one && node.nodeValue.trim() && shown(one)) leaves.add(one)
  }
  for (const one of leaves) {
    const style = getComputedStyle(one)
    const seen = inSight(one)
    if (!seen || style.display === 'inline' || one.matches('textarea, select, option')) continue
    const over = one.scrollWidth - one.clientWidth
    if (over > 2 && one.clientWidth > 0 && style.textOverflow !== 'ellipsis' && !['auto', 'scroll'].includes(style.overflowX)) {
      faults.push(`its words are ${over} px wider than it: ${named(one)}`)
    }
    const high = one.scrollHeight - one.clientHeight
    if (high > Math.max(4, 0.2 * parseFloat(style.fontSize)) && ['hidden', 'clip'].includes(style.overflowY) && style.webkitLineClamp === 'none') {
      faults.push(`its words are ${high} px higher than it: ${named(one)}`)
    }
  }
  return faults
}
