// @ts-check
/** In Firefox: what a grid member reports without a network waits on the phone, says so, and arrives once. */

import { play } from './glass.js'

const PASSWORD = process.env.RELAY_PASSWORD ?? ''

await play(async (open) => {
  const desk = await open('desk', 1920, 1080)
  await desk.signsIn('duty1', PASSWORD, '/console')
  const member = await open('member', 390, 844)
  await member.signsIn('grid1', PASSWORD, '/phone')
  await member.sees('[data-testid=member-form]')
  await member.page.waitForNetworkIdle()

  member.mayLoseTheLine()
  await member.page.setOfflineMode(true)
  await member.fills('textarea[name=text]', '东门巷口井盖缺失，行人绕行')
  await member.presses('[data-testid=chips] button', '井盖缺失与路面破损')
  await member.presses('[data-testid=member-send]')
  await member.sees('[data-testid=unsent]', '未送达')
  await member.sees('[data-testid=waiting]', '计时继续')
  await member.takesItsPicture('member-waits')

  await member.page.setOfflineMode(false)
  await member.sees('[data-testid=delivered]')
  await member.seesNo('[data-testid=unsent]')
  const number = (await member.reads('[data-testid=delivered]')).trim().split(/\s+/).at(-1) ?? ''
  await desk.sees('[data-issue]', number)
  process.stdout.write(`number=${number}\n`)
})
