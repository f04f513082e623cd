/** Chinese words of the domain by their code; the glossary (docs/glossary.md) decides them. */

export const STATES: Readonly<Record<string, string>> = {
  reported: '待受理',
  accepted: '已受理',
  declined: '未予受理',
  merged: '已并案',
  filed: '待派遣',
  in_handling: '处置中',
  suspended: '已挂账',
  fed_back: '待核查',
  verified: '待回访',
  closed: '已结案',
  archived: '已归档',
  voided: '已作废',
  sent: '待签收',
  acknowledged: '已签收',
  completed: '已完成',
  returned: '已退单',
  recalled: '已撤回',
}

export const LEVELS: Readonly<Record<string, string>> = { general: '一般', major: '重大', special_risk: '特殊风险' }

export const VERBS: Readonly<Record<string, string>> = {
  report: '上报',
  accept: '受理',
  decline: '不予受理',
  file: '立案',
  dispatch: '派遣',
  verify: '核查通过',
  rework: '返工',
  close: '结案',
  reveal: '查看明文',
  acknowledge: '签收',
  start: '开始处置',
  feed_back: '反馈',
  complete: '通过',
}

export const OUTCOMES: Readonly<Record<string, string>> = {
  resolved: '已化解',
  not_resolved: '未化解',
  followed: '跟踪调处',
  withdrawn: '已撤销',
}

export const DECLINE_GROUNDS: Readonly<Record<string, string>> = {
  not_in_jurisdiction: '不属本区管辖',
  in_legal_procedure: '已进入诉讼、仲裁、复议等法定程序',
  already_answered: '同一事项已有终局答复',
  no_clear_demand: '诉求不明且无法核实',
  not_a_matter: '不属综治中心受理范围',
}

/** How a unit answers an order. */
export const RESULTS: Readonly<Record<string, string>> = {
  handled: '已办理',
  partly_handled: '部分办理',
  not_handled: '未能办理',
}

export const CLOCKS: Readonly<Record<string, string>> = {
  relay_up: '上传',
  relay_down_order: '下达·签收',
  relay_down_issue: '下达',
  dispatch: '派遣',
  handle: '处置',
  handling: '处置',
}

/** What a fact tells, in the past tense; the object's kind is its first part. */
export const FACTS: Readonly<Record<string, string>> = {
  'issue.reported': '上报',
  'issue.accepted': '受理',
  'issue.declined': '不予受理',
  'issue.filed': '立案',
  'issue.dispatched': '派遣',
  'issue.relayed_down': '签收',
  'issue.handling_started': '处置开始',
  'issue.fed_back': '转待核查',
  'issue.verified': '核查通过',
  'issue.reworked': '返工',
  'issue.closed': '结案',
  'issue.breached': '超限',
  'report.received': '接报',
  'report.relayed_up': '上传完成',
  'report.shared': '点位告知承办单位',
  'report.settled': '接报了结',
  'report.breached': '上传超限',
  'order.sent': '下发派遣单',
  'order.acknowledged': '签收',
  'order.started': '开始处置',
  'order.fed_back': '反馈',
  'order.completed': '派遣单通过',
  'order.reworked': '派遣单返工',
  'order.breached': '签收超限',
  'receipt.delivered': '送达',
  'receipt.displayed': '已显示',
  'reveal.made': '查看明文',
  'issue.revealed': '查看明文',
}

export const PLACINGS: Readonly<Record<string, string>> = {
  placed: '已定位',
  ambiguous: '跨网格，待确认',
  unplaced: '未定位',
  no_position: '无点位',
}

export const ROLES: Readonly<Record<string, string>> = {
  duty_officer: '值班员',
  duty_lead: '值班长',
  liaison: '联络员',
  township_desk: '镇街值班席',
  grid_member: '网格员',
  leader: '领导',
  administrator: '管理员',
}

export const TIERS: Readonly<Record<string, string>> = {
  district: '区县',
  township: '镇街',
  community: '村社',
  grid: '网格',
  micro_grid: '微网格',
}

export const wordFor = (table: Readonly<Record<string, string>>, code: string): string => table[code] ?? code
