/** The wall's words: few, and large. */

import { FIGURES } from './figures'

export const words = {
  alarms: {
    title: FIGURES.alarms,
    told: (unit: string) => `叫应${unit}负责人，无人应答`,
    since: '超限',
  },
  nearing: {
    title: FIGURES.nearing,
    calm: '此刻没有将超限的事项',
    next: (text: string) => `最近一个到期：${text}后`,
  },
  flow: {
    title: '今日流量',
    /** The panel's title says the day. */
    short: (name: string) => name.replace(/^今日/, ''),
    counted: (at: string) => `统计到 ${at}`,
    byHour: '逐时：上报与结案',
    unknown: '今日流量取不到，重试中…',
  },
  ticker: { title: '动态', empty: '今日尚无动态' },
  more: (n: number) => `另有 ${String(n)} 件`,
  noCell: '未定位',
  vital: {
    beat: (s: number) => `心跳 ${String(s)} 秒前`,
    database: '数据库',
    timer: '计时器',
    writing: '写入',
    worker: '后台',
    ago: (s: number) => `${String(s)} 秒前`,
    unread: '读不到',
  },
  sound: { on: '提示音已开', off: '点击屏幕开启提示音', silent: '提示音没有响：点一下屏幕恢复；仍不响的，检查浏览器的声音许可和音箱' },
  nobodyOnDuty: '无人在班',
  unlit: '浏览器不能保持屏幕常亮：请在系统里关掉屏保和休眠',
  map: { late: '超限占比高', load: '在办多', calm: '无事项' },
}
