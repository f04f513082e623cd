/**
 * Codes of the domain with their Chinese words. Written by `./relay generate` from the Python lists that declare them
 * (server/words.py says which); docs/glossary.csv decides the words.
 */

/** Where an issue stands. */
export const ISSUE_STATES = {
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
} as const
export type IssueState = keyof typeof ISSUE_STATES

/** What is done to an issue. */
export const ISSUE_VERBS = {
  accept: '受理',
  pass_up: '上呈',
  decline: '不予受理',
  reconsider: '复核',
  merge: '并案',
  unmerge: '撤并',
  settle_on_spot: '当场化解',
  file: '立案',
  dispatch: '派遣',
  add_assist: '增派协办',
  redispatch: '改派',
  suspend: '挂账',
  resume: '恢复办理',
  feed_back: '反馈',
  lose_lead: '主办落空',
  verify: '核查通过',
  rework: '返工',
  close: '结案',
  reopen: '重开',
  archive: '归档',
  void: '作废',
  amend: '更正',
  withdraw: '撤回诉求',
  refer_emergency: '转警转急',
  message: '留言',
} as const
export type IssueVerb = keyof typeof ISSUE_VERBS

/** What is done about an issue that moves no state. */
export const DEEDS = {
  report: '上报',
  reveal: '查看明文',
  reply: '答复反映人',
} as const
export type Deed = keyof typeof DEEDS

/** Where an order stands. */
export const ORDER_STATES = {
  sent: '待签收',
  acknowledged: '已签收',
  in_handling: '处置中',
  fed_back: '待核查',
  completed: '已完成',
  returned: '已退单',
  recalled: '已撤回',
} as const
export type OrderState = keyof typeof ORDER_STATES

/** What is done to an order. */
export const ORDER_VERBS = {
  acknowledge: '签收',
  start: '开始处置',
  feed_back: '反馈',
  request_return: '申请退单',
  forward: '转办',
  take_back: '收回',
  complete: '通过',
  rework: '返工',
  grant_return: '准予退单',
  recall: '撤回派遣单',
  message: '留言',
  progress: '办理进展',
} as const
export type OrderVerb = keyof typeof ORDER_VERBS

/** What a unit is to the issue. */
export const ORDER_ROLES = {
  lead: '主办',
  assist: '协办',
} as const
export type OrderRole = keyof typeof ORDER_ROLES

/** How a return request stands. */
export const REQUEST_STATES = {
  pending: '待裁定',
  granted: '已准予',
  compelled: '已强制派发',
  withdrawn: '已撤回',
} as const
export type RequestState = keyof typeof REQUEST_STATES

/** What ends a return request. */
export const REQUEST_VERBS = {
  grant: '准予退单',
  compel: '强制派发',
  withdraw: '撤回',
} as const
export type RequestVerb = keyof typeof REQUEST_VERBS

/** Why a unit asks to give an order back. */
export const RETURN_GROUNDS = {
  not_our_duty: '不属本单位职责',
  out_of_area: '不在本单位辖区',
  sent_twice: '重复派遣',
  cannot_be_verified: '信息不实或不足，无法办理',
  in_legal_procedure: '已进入法定程序',
} as const
export type ReturnGround = keyof typeof RETURN_GROUNDS

/** Why an issue is declined. */
export const DECLINE_GROUNDS = {
  not_in_jurisdiction: '不属本区管辖',
  in_legal_procedure: '已进入诉讼、仲裁、复议等法定程序',
  already_answered: '同一事项已有终局答复',
  no_clear_demand: '诉求不明且无法核实',
  not_a_matter: '不属综治中心受理范围',
} as const
export type DeclineGround = keyof typeof DECLINE_GROUNDS

/** What an issue is closed with. */
export const OUTCOMES = {
  resolved: '已化解',
  not_resolved: '未化解',
  followed: '跟踪调处',
  withdrawn: '已撤销',
} as const
export type Outcome = keyof typeof OUTCOMES

/** What a unit answers. */
export const RESULTS = {
  handled: '已办理',
  partly_handled: '部分办理',
  not_handled: '未能办理',
} as const
export type Result = keyof typeof RESULTS

/** How grave an issue is. */
export const LEVELS = {
  general: '一般',
  major: '重大',
  special_risk: '特殊风险',
} as const
export type Level = keyof typeof LEVELS

/** What a clock judges. */
export const CLOCKS = {
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
} as const
export type ClockKind = keyof typeof CLOCKS

/** Whom danger to life goes to at once. */
export const EMERGENCY_NUMBERS = {
  '110': '公安报警',
  '119': '火警与救援',
  '120': '医疗急救',
} as const
export type EmergencyNumber = keyof typeof EMERGENCY_NUMBERS

/** How a call stands. */
export const CALL_STATES = {
  open: '叫应中',
  listed: '待电话叫应',
  answered: '已应答',
  answered_by_telephone: '电话已应答',
  silenced: '已停止叫应',
} as const
export type CallState = keyof typeof CALL_STATES

/** For what a call is made. */
export const CALL_KINDS = {
  new_order: '新派遣单',
  forwarded_order: '转办派遣单',
  urgent_report: '紧急事项',
  ladder: '超时升级',
  return_request: '退单申请',
  danger: '险情补充',
  message: '留言待答复',
  verification: '反馈待核查',
} as const
export type CallKind = keyof typeof CALL_KINDS

/** Who is called together. */
export const CALL_RUNGS = {
  receiver: '指定接收人',
  duty_officer: '值班员',
  liaison: '联络员',
  deputy: '副职',
  head: '负责人',
  duty_lead: '值班长',
} as const
export type CallRung = keyof typeof CALL_RUNGS

/** By what an attempt goes out. */
export const CALL_CHANNELS = {
  page: '打开的页面',
  push: '网页推送',
  sms: '短信网关',
  wecom: '企业微信',
  dingtalk: '钉钉',
  voice: '语音网关',
  wecom_group: '企业微信群',
} as const
export type CallChannel = keyof typeof CALL_CHANNELS

/** By what a call leaves the house. */
export const OUTSIDE_WAYS = {
  push: '网页推送',
  sms: '短信网关',
  wecom: '企业微信',
  dingtalk: '钉钉',
  voice: '语音网关',
  wecom_group: '企业微信群',
} as const
export type OutsideWay = keyof typeof OUTSIDE_WAYS

/** What came of a sending outside. */
export const OUTSIDE_OUTCOMES = {
  delivered: '已送出',
  no_number: '没有工作电话',
  no_device: '没有可推送的设备',
  gone: '设备已停止接收推送',
  unseen: '设备没有收到',
  unknown_there: '对方没有此人',
  refused: '对方拒绝',
  secret_wrong: '密钥不被接受',
  redirected: '对方要求转到别处，已拒绝',
  address_barred: '地址不允许',
  certificate: '证书不可信',
  timed_out: '超时',
  unreachable: '连不上',
  unavailable: '对方故障',
  unreadable: '回答无法识别',
  not_recorded: '中途中断，结果不明',
  not_in_use: '已停用',
  not_needed: '已无须叫应',
} as const
export type OutsideOutcome = keyof typeof OUTSIDE_OUTCOMES

/** What is written within a matter. */
export const MESSAGE_KINDS = {
  message: '留言',
  progress: '办理进展',
} as const
export type MessageKind = keyof typeof MESSAGE_KINDS

/** What may be done about a message. */
export const MESSAGE_DEEDS = {
  answer: '答复',
  strike: '划去',
} as const
export type MessageDeed = keyof typeof MESSAGE_DEEDS

/** Why a message is struck out. */
export const STRIKE_GROUNDS = {
  mistaken: '内容有误',
  elsewhere: '发错事项或对象',
  twice: '重复',
  off_the_matter: '与事项无关',
} as const
export type StrikeGround = keyof typeof STRIKE_GROUNDS

/** What came of a telephone call. */
export const REACHED = {
  talked: '接通',
  passed_on: '已转达',
  no_answer: '未接',
  no_such_number: '空号',
} as const
export type Reached = keyof typeof REACHED

/** How a handover of the desk stands. */
export const HANDOVER_STATES = {
  given: '待接班',
  taken: '已接班',
  withdrawn: '已撤回',
} as const
export type HandoverState = keyof typeof HANDOVER_STATES

/** Why a step is entered from paper only now. */
export const OUTAGES = {
  power_cut: '停电',
  network_cut: '断网',
  system_outage: '系统停用',
} as const
export type Outage = keyof typeof OUTAGES

/** How a reporter was told. */
export const REPLY_CHANNELS = {
  telephone: '电话',
  visit: '上门',
  sms: '短信',
  page: '查询页面',
} as const
export type ReplyChannel = keyof typeof REPLY_CHANNELS

/** What was looked at. */
export const VIEWED = {
  photo: '照片',
  document: '附件',
  slip: '受理回执',
} as const
export type Viewed = keyof typeof VIEWED

/** Why that post may look. */
export const VIEWING_REASONS = {
  desk: '值班席办理',
  order: '承办派遣单',
  held: '本级受理或当场化解',
  reported: '本人上报',
} as const
export type ViewingReason = keyof typeof VIEWING_REASONS

/** How sure a report's place is. */
export const PLACINGS = {
  placed: '已定位',
  ambiguous: '跨网格，待确认',
  unplaced: '未定位',
  no_position: '无点位',
} as const
export type Placing = keyof typeof PLACINGS

/** How fine a cell is. */
export const TIERS = {
  district: '区县',
  township: '镇街',
  community: '村社',
  grid: '网格',
  micro_grid: '微网格',
} as const
export type Tier = keyof typeof TIERS

/** Where a report comes from. */
export const FAMILIES = {
  court: '诉源',
  police: '警源',
  petition: '访源',
  arbitration: '仲源',
  grid: '网格',
  hotline: '热线',
  department: '部门',
  superior: '上级',
} as const
export type SourceFamily = keyof typeof FAMILIES

/** What a channel may not bring. */
export const CHANNEL_RULES = {
  no_police_matters: '只收非警务事项',
  no_identity_numbers: '不收证件号码',
  no_parties_from_systems: '系统推送不带当事人',
  names_nobody: '不收可识别个人的信息',
  no_pictures: '不收图片',
  place_needed: '须有地点',
  by_hand: '只能人工录入',
  identity_protected: '来电人身份保密',
} as const
export type ChannelRule = keyof typeof CHANNEL_RULES

/** What a post makes of its holder. */
export const ROLES = {
  duty_officer: '值班员',
  duty_lead: '值班长',
  liaison: '联络员',
  township_desk: '镇街值班',
  grid_member: '网格员',
  leader: '领导',
  administrator: '管理员',
} as const
export type Role = keyof typeof ROLES

/** What a contact of a unit is to it. */
export const RANKS = {
  liaison: '联络员',
  deputy: '副职',
  head: '负责人',
  duty_lead: '值班长',
} as const
export type Rank = keyof typeof RANKS

/** What sort of body a unit is. */
export const UNIT_KINDS = {
  department: '部门',
  township_centre: '镇街综治中心',
  community_centre: '村社综治中心',
  mediation_committee: '人民调解委员会',
  judicial: '司法机关',
  group: '群团与企业',
  desk: '值班席',
} as const
export type UnitKind = keyof typeof UNIT_KINDS

/** How a body is present at the centre. */
export const STATIONINGS = {
  resident: '常驻',
  rotating: '轮驻',
  cloud: '云驻',
  on_call: '随叫随驻',
  invited: '邀驻',
  joint: '联驻',
} as const
export type Stationing = keyof typeof STATIONINGS

/** What a fact tells, in the past tense. */
export const FACTS = {
  'amendment.made': '更正',
  'attempt.concluded': '呼叫结果',
  'attempt.made': '呼叫',
  'attempt.received': '设备收到推送',
  'call.answered': '应答',
  'call.climbed': '叫应下一级',
  'call.listed': '转电话叫应',
  'call.made': '叫应',
  'call.readdressed': '叫应知悉范围调整',
  'call.redrawn': '显示更新',
  'call.silenced': '停止叫应',
  'call.telephoned': '电话叫应',
  'escalation.answered': '升级已应答',
  'escalation.dropped': '升级撤下',
  'escalation.raised': '超时升级',
  'escalation.readdressed': '升级知悉范围调整',
  'escalation.redrawn': '显示更新',
  'issue.accepted': '受理',
  'issue.acknowledgment_struck': '签收不计入下达',
  'issue.amended': '更正',
  'issue.archived': '归档',
  'issue.assist_added': '增派协办',
  'issue.assist_lost': '协办单撤出',
  'issue.breached': '超限',
  'issue.clocks_moved': '计时调整',
  'issue.closed': '结案',
  'issue.declined': '不予受理',
  'issue.dispatched': '派遣',
  'issue.emergency_referred': '转警转急',
  'issue.fed_back': '转待核查',
  'issue.filed': '立案',
  'issue.forwarded': '转办',
  'issue.gave_back': '撤出他案',
  'issue.handling_started': '处置开始',
  'issue.lead_lost': '主办单撤出',
  'issue.merged': '并案',
  'issue.moved': '位置调整',
  'issue.passed_up': '上呈',
  'issue.reconsidered': '复核后重新受理',
  'issue.redispatched': '改派',
  'issue.redrawn': '显示更新',
  'issue.relayed_down': '签收',
  'issue.reopened': '重开',
  'issue.reported': '上报',
  'issue.resumed': '恢复办理',
  'issue.reworked': '返工',
  'issue.settled': '当场化解',
  'issue.suspended': '挂账',
  'issue.suspension_ended': '挂账到期',
  'issue.taken_back': '转办收回',
  'issue.took_in': '并入他案',
  'issue.unmerged': '撤并',
  'issue.verified': '核查通过',
  'issue.voided': '作废',
  'issue.withdrawn': '撤回诉求',
  'message.answered': '留言已答复',
  'message.made': '留言',
  'message.progress_noted': '办理进展',
  'message.read': '留言已读',
  'message.struck': '划去留言',
  'order.acknowledged': '签收',
  'order.amended': '派遣单更正',
  'order.breached': '签收超限',
  'order.clocks_moved': '计时调整',
  'order.completed': '派遣单通过',
  'order.fed_back': '反馈',
  'order.forward_acknowledged': '转办签收',
  'order.forwarded': '转办',
  'order.moved': '位置调整',
  'order.recalled': '撤回派遣单',
  'order.redrawn': '显示更新',
  'order.returned': '准予退单',
  'order.reworked': '派遣单返工',
  'order.sent': '下发派遣单',
  'order.started': '开始处置',
  'order.taken_back': '转办收回',
  'receipt.delivered': '送达',
  'receipt.displayed': '已显示',
  'reply.made': '答复反映人',
  'report.added': '反映人补充',
  'report.amended': '报告更正',
  'report.breached': '上传超限',
  'report.moved': '报告归属调整',
  'report.rated': '反映人评价',
  'report.received': '接报',
  'report.reconsideration_asked': '反映人申请复核',
  'report.redrawn': '显示更新',
  'report.relayed_up': '上传完成',
  'report.reopened': '上传计时另起',
  'report.settled': '接报了结',
  'report.shared': '点位告知承办单位',
  'report.withheld': '点位不再告知',
  'return.amended': '退单申请更正',
  'return.compelled': '强制派发',
  'return.granted': '准予退单',
  'return.moved': '位置调整',
  'return.redrawn': '显示更新',
  'return.requested': '申请退单',
  'return.withdrawn': '退单申请撤回',
  'reveal.made': '查看明文',
  'viewing.made': '查看',
} as const
export type FactName = keyof typeof FACTS
