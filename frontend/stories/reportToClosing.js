// @ts-check
/** In Firefox: a grid member's report lives through the whole loop before five screens, none of which loads again. */

import { play } from './glass.js'

const PASSWORD = process.env.RELAY_PASSWORD ?? ''
const ITEM = '餐饮油烟异味'
const COMPLAINT = `楼下烧烤店油烟直排，夜里开不了窗（${process.pid}）。`
const state = '[data-testid=detail-state]'
const order = '[data-testid=order-state]'

await play(async (open) => {
  const lead = await open('lead', 1920, 1080)
  await lead.signsIn('lead', PASSWORD, '/console')
  const wall = await open('wall', 1920, 1080)
  await wall.opens('/wall')
  const code = (await wall.reads('[data-testid=pairing-code]')).trim()
  await lead.presses('button', '大屏')
  await lead.fills('dialog[open] input[name=code]', code)
  await lead.fills('dialog[open] input[name=name]', '二号厅大屏')
  await lead.presses('dialog[open] button', '准许接入')
  await lead.sees('dialog[open]', '已准许')
  await wall.isLive()

  const desk = await open('desk', 1920, 1080)
  await desk.signsIn('duty1', PASSWORD, '/console')
  const township = await open('township', 1920, 1080)
  await township.signsIn('town', PASSWORD, '/township')
  const liaison = await open('liaison', 390, 844)
  await liaison.signsIn('chengguan', PASSWORD, '/phone')
  const member = await open('member', 390, 844)
  await member.signsIn('grid1', PASSWORD, '/phone')

  await member.fills('textarea[name=text]', COMPLAINT)
  await member.presses('[data-testid=chips] button', ITEM)
  await member.takesItsPicture('member')
  await member.presses('[data-testid=member-send]')
  await member.sees('[data-testid=delivered]')
  const number = (await member.reads('[data-testid=delivered]')).trim().split(/\s+/).at(-1) ?? ''
  await wall.sees('[data-testid=ticker] li', ITEM, '上报')

  for (const one of [desk, township]) await one.fills('input[type=search]', number) // of a long queue only what is in view is drawn
  await desk.sees('[data-issue]', number)
  await desk.presses('[data-issue]', number)
  await desk.sees(state, '待受理')
  await desk.presses('[data-verb=accept]')
  await desk.sees(state, '已受理')
  await desk.presses('[data-verb=file]')
  await desk.sees(state, '待派遣')
  await township.sees('[data-issue]', number)
  await desk.presses('[data-verb=dispatch]')
  await desk.presses('dialog[open] label', '综合行政执法')
  await desk.presses('[data-testid=confirm-verb]')
  await desk.seesNo('dialog[open]')
  await desk.sees(state, '处置中')
  await wall.sees('[data-testid=ticker] li', ITEM, '派遣')
  await township.presses('[data-issue]', number)
  await township.sees(state, '处置中')
  await member.sees('[data-testid=own] button', number, '处置中')

  await liaison.presses('[data-testid=inbox] button', number, '待签收')
  await liaison.sees('[data-testid=order]', COMPLAINT)
  await desk.sees('[data-order] li', '已显示', '✓')
  await desk.takesItsPicture('console')
  await liaison.takesItsPicture('phone')
  await liaison.presses('[data-testid=acknowledge]')
  await liaison.sees(order, '已签收')
  await desk.sees('[data-order] li', '签收', '✓')
  await liaison.presses('[data-testid=start]')
  await liaison.sees(order, '处置中')
  await liaison.presses('[data-testid=feed-back]')
  await liaison.fills('textarea[name=feedback]', '已责令停用直排烟道，加装净化器并复测。')
  await liaison.presses('button', '提交反馈')
  await liaison.sees(order, '待核查')

  await desk.sees(state, '待核查')
  await desk.presses('[data-verb=verify]')
  await desk.presses('[data-testid=confirm-verb]')
  await desk.sees(state, '待回访')
  await desk.seesNo('dialog[open]')
  await desk.presses('[data-verb=close]')
  await desk.ticks('dialog[open] input[name=followedUp]')
  await desk.presses('[data-testid=confirm-verb]')
  await desk.sees(state, '已结案')
  await township.sees(state, '已结案')
  await wall.sees('[data-testid=ticker] li', ITEM, '结案')
  await member.seesNo('[data-testid=own] button', number) // it has ended: no longer among the open ones
  await wall.takesItsPicture('wall')
  const drawn = await desk.page.evaluate(`document.querySelector('[data-map][data-ready=true]')?.dataset.map ?? 'none'`)
  process.stdout.write(`map=${drawn} number=${number}\n`)
})
