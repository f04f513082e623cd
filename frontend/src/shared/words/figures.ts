/** Written by `./relay generate` from assessment/dictionary.py; docs/figures.md tells each. */

export const FIGURES = {
  open: '在办',
  red: '已超限',
  amber: '将超限',
  urgent: '紧急待受理',
  reported: '待受理',
  accepted: '已受理',
  filed: '待派遣',
  in_handling: '处置中',
  suspended: '已挂账',
  fed_back: '待核查',
  verified: '待回访',
  sensitive: '敏感在办',
  all: '全部',
  ours: '待我办',
  out: '在外办',
  ours_centre: '本中心办',
  out_centre: '其他在办',
  alarm: '告急',
  unplaced: '待定位',
  off_map: '不在图上',
  returns: '待裁定',
  unanswered: '待答复',
  unseen: '新情况',
  members: '网格上报',
  alarms: '超限未应答',
  nearing: '紧急与将超限',
  unanswered_calls: '无人应答的叫应',
  units_on_duty: '在班单位',
  today_entered: '今日进',
  today_left: '今日出',
  today_reported: '今日上报',
  today_other_in: '今日重开、移入',
  today_closed: '今日结案',
  today_other_out: '今日不予受理、并案等',
  today_accepted: '今日受理',
  today_dispatched: '今日派遣',
  today_relayed_down: '今日签收',
  today_fed_back: '今日反馈',
  today_breached: '今日新超限',
  relay_up: '上传按时率',
  relay_down_issue: '下达按时率（事项）',
  relay_down_order: '下达按时率（派遣单）',
  relay_down_forward: '转办按时率',
  relay_p50: '中位',
  relay_p90: '九成',
  period_entered: '本期进',
  period_left: '本期出',
  open_at_start: '期初在办',
  longest: '最久超时',
} as const

export type FigureCode = keyof typeof FIGURES

/** Which open issues a figure of this moment counts: all that is given must hold. */
export interface Condition {
  states: readonly string[]
  light?: 'amber' | 'red'
  urgent?: true
}

export const CONDITIONS = {
  open: { states: ['reported', 'accepted', 'filed', 'in_handling', 'suspended', 'fed_back', 'verified'] },
  red: { states: ['reported', 'accepted', 'filed', 'in_handling', 'suspended', 'fed_back', 'verified'], light: 'red' },
  amber: { states: ['reported', 'accepted', 'filed', 'in_handling', 'suspended', 'fed_back', 'verified'], light: 'amber' },
  urgent: { states: ['reported'], urgent: true },
  reported: { states: ['reported'] },
  accepted: { states: ['accepted'] },
  filed: { states: ['filed'] },
  in_handling: { states: ['in_handling'] },
  suspended: { states: ['suspended'] },
  fed_back: { states: ['fed_back'] },
  verified: { states: ['verified'] },
} as const satisfies Readonly<Record<string, Condition>>
