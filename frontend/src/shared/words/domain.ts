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
  pass_up: '上呈',
  reconsider: '复核',
  merge: '并案',
  unmerge: '撤并',
  settle_on_spot: '当场化解',
  add_assist: '增派协办',
  redispatch: '改派',
  suspend: '挂账',
  resume: '恢复办理',
  reopen: '重开',
  archive: '归档',
  void: '作废',
  amend: '更正',
  withdraw: '撤回诉求',
  refer_emergency: '转警转急',
  lose_lead: '主办落空',
  recall: '撤回派遣单',
  request_return: '申请退单',
  grant: '准予退单',
  grant_return: '准予退单',
  compel: '强制派发',
  reply: '答复反映人',
  receipt: '打印受理回执',
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
  forward: '转办',
  take_back: '收回',
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
  relay_down_forward: '转办·签收',
  relay_down_issue: '下达',
  dispatch: '派遣',
  redispatch: '改派',
  handling_order: '处置·单位',
  handling_issue: '处置',
  rework: '返工',
  on_scene: '到场',
  suspension: '挂账',
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
  'issue.clocks_moved': '计时调整',
  'issue.redrawn': '显示更新',
  'order.redrawn': '显示更新',
  'report.redrawn': '显示更新',
  'return.redrawn': '显示更新',
  'order.clocks_moved': '计时调整',
  'escalation.raised': '超时升级',
  'escalation.answered': '升级已应答',
  'escalation.dropped': '升级撤下',
  'escalation.readdressed': '升级知悉范围调整',
  'issue.passed_up': '上呈',
  'issue.forwarded': '转办',
  'issue.taken_back': '转办收回',
  'order.forwarded': '转办',
  'order.forward_acknowledged': '转办签收',
  'order.taken_back': '转办收回',
  'issue.reconsidered': '复核后重新受理',
  'issue.merged': '并案',
  'issue.unmerged': '撤并',
  'issue.took_in': '并入他案',
  'issue.gave_back': '撤出他案',
  'issue.settled': '当场化解',
  'issue.assist_added': '增派协办',
  'issue.redispatched': '改派',
  'issue.suspended': '挂账',
  'issue.resumed': '恢复办理',
  'issue.suspension_ended': '挂账到期',
  'issue.reopened': '重开',
  'issue.archived': '归档',
  'issue.voided': '作废',
  'issue.amended': '更正',
  'issue.withdrawn': '撤回诉求',
  'issue.emergency_referred': '转警转急',
  'issue.lead_lost': '主办单撤出',
  'order.recalled': '撤回派遣单',
  'order.returned': '准予退单',
  'return.requested': '申请退单',
  'return.granted': '准予退单',
  'return.compelled': '强制派发',
  'return.withdrawn': '退单申请撤回',
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
  'report.added': '反映人补充',
  'report.rated': '反映人评价',
  'report.reconsideration_asked': '反映人申请复核',
  'report.reopened': '上传计时另起',
  'report.moved': '报告归属调整',
  'report.amended': '报告更正',
  'report.withheld': '点位不再告知',
  'issue.moved': '位置调整',
  'order.moved': '位置调整',
  'order.amended': '派遣单更正',
  'return.moved': '位置调整',
  'return.amended': '退单申请更正',
  'issue.assist_lost': '协办单撤出',
  'reply.made': '答复反映人',
  'amendment.made': '更正',
  'receipt.delivered': '送达',
  'receipt.displayed': '已显示',
  'reveal.made': '查看明文',
  'viewing.made': '查看',
}

/** What was looked at, and why that post may. */
export const VIEWED: Readonly<Record<string, string>> = { photo: '照片', document: '附件', slip: '受理回执' }
export const VIEWING_REASONS: Readonly<Record<string, string>> = {
  desk: '值班席办理',
  order: '承办派遣单',
  held: '本级受理或化解',
  reported: '本人上报',
}

/** On which grounds a unit asks to give an order back. */
export const RETURN_GROUNDS: Readonly<Record<string, string>> = {
  not_our_duty: '不属本单位职责',
  out_of_area: '不在本单位辖区',
  sent_twice: '重复派遣',
  cannot_be_verified: '信息不实或不足，无法办理',
  in_legal_procedure: '已进入法定程序',
}

/** Why a step is entered from paper only now. */
export const OUTAGES: Readonly<Record<string, string>> = {
  power_cut: '停电',
  network_cut: '断网',
  system_outage: '系统停用',
}

export const REQUEST_STATES: Readonly<Record<string, string>> = {
  pending: '待裁定',
  granted: '已准予',
  compelled: '已强制派发',
  withdrawn: '已撤回',
}

/** How a reporter was told. */
export const REPLY_CHANNELS: Readonly<Record<string, string>> = {
  telephone: '电话',
  visit: '上门',
  sms: '短信',
  page: '查询页面',
}

/** Who of a unit is told, in the order of the ladder. */
export const RANKS: Readonly<Record<string, string>> = {
  liaison: '联络员',
  deputy: '副职',
  head: '负责人',
  duty_lead: '值班长',
  unit: '全单位',
}

export const FAMILIES: Readonly<Record<string, string>> = {
  court: '诉源',
  police: '警源',
  petition: '访源',
  arbitration: '仲源',
  grid: '网格',
  hotline: '热线',
  department: '部门',
  superior: '上级',
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
