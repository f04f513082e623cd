/** The wall's words: few, and large. */

export const words = {
  counts: {
    open: '在办事项',
    urgent: '紧急待受理',
    red: '已超限',
    amber: '将超限',
    reported: '待受理',
    dispatch: '待派遣',
    handling: '处置中',
    fedBack: '待核查',
  },
  alarms: {
    title: '超限未应答',
    told: (unit: string) => `已报${unit}负责人`,
    since: '超限',
  },
  nearing: {
    title: '紧急与将超限',
    calm: '此刻没有将超限的事项',
    next: (text: string) => `最近一个到期：${text}后`,
  },
  flow: {
    title: '今日流量',
    reported: '上报',
    accepted: '受理',
    dispatched: '派遣',
    relayed: '签收',
    fedBack: '反馈',
    closed: '结案',
    breached: '超限',
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
    ago: (s: number) => `${String(s)} 秒前`,
    unread: '读不到',
  },
  sound: { on: '提示音已开', off: '点击屏幕开启提示音' },
  map: { late: '超限占比高', load: '在办多', calm: '无事项' },
}
