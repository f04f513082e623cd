/** Written by `./relay generate`. Most characters of each text of a command, as the server declares them. */
export const LIMITS = {
  AddIn: {
    query_code: 30,
    text: 2000
  },
  AmendIn: {
    item: 20,
    reason: 2000
  },
  AmendedChannelIn: {
    name_zh: 200
  },
  Approval: {
    code: 20,
    name: 50
  },
  Asked: {
    q: 50
  },
  ChannelIn: {
    code: 40,
    name_zh: 200
  },
  ClientIn: {
    name: 200
  },
  CloseIn: {
    reason: 2000,
    waive_reason: 2000
  },
  CompelIn: {
    reason: 2000
  },
  Credentials: {
    password: 1000,
    username: 150
  },
  DeclineIn: {
    text: 2000
  },
  DetailsIn: {
    name: 40,
    phone: 30,
    username: 40
  },
  DispatchIn: {
    reason: 2000
  },
  EmergencyIn: {
    answer: 2000
  },
  FeedBackIn: {
    text: 2000
  },
  Filter: {
    category: 50,
    cell: 100,
    channel: 50,
    cursor: 20,
    family: 50,
    item: 50,
    q: 50
  },
  GrantIn: {
    reason: 2000
  },
  ItemIn: {
    category: 40,
    category_zh: 200,
    code: 4,
    item_zh: 200,
    kind: 40,
    lead_department: 40
  },
  LookupIn: {
    query_code: 30
  },
  MergeIn: {
    reason: 2000
  },
  MessageIn: {
    text: 2000
  },
  NamesIn: {
    name: 200,
    short: 200
  },
  NotesIn: {
    notes: 2000
  },
  OutsideWayIn: {
    address: 200,
    corp: 64,
    secret: 200
  },
  PartyIn: {
    name: 50,
    note: 200,
    phone: 30
  },
  PassUpIn: {
    text: 2000
  },
  PasswordChange: {
    new: 1000,
    old: 1000
  },
  PositionIn: {
    system: 50
  },
  ProgressIn: {
    text: 2000
  },
  PublicReportIn: {
    address: 200,
    grid: 50,
    item: 50,
    name: 50,
    phone: 30,
    text: 2000
  },
  PushIn: {
    auth: 100,
    endpoint: 1000,
    p256dh: 100
  },
  RateIn: {
    query_code: 30,
    text: 2000
  },
  ReasonIn: {
    reason: 2000
  },
  RecallIn: {
    reason: 2000
  },
  RedispatchIn: {
    reason: 2000
  },
  ReplyIn: {
    text: 2000
  },
  ReportIn: {
    address: 200,
    cell: 50,
    channel: 50,
    item: 50,
    source_number: 100,
    text: 5000
  },
  ReporterIn: {
    name: 50,
    phone: 30
  },
  ReporterReasonIn: {
    query_code: 30,
    reason: 2000
  },
  RequestReturnIn: {
    text: 2000
  },
  RevealIn: {
    reason: 2000
  },
  ReworkIn: {
    reason: 2000
  },
  SettingIn: {
    value: 200
  },
  SettleIn: {
    text: 2000
  },
  SituationReportIn: {
    place: 200
  },
  SuggestIn: {
    text: 5000
  },
  SuspendIn: {
    reason: 2000
  },
  TelephoneIn: {
    note: 2000
  },
  TermsIn: {
    lead_department: 40
  },
  UnitIn: {
    code: 40,
    name: 200,
    short: 200
  },
  Where: {
    place: 200
  },
  WithdrawIn: {
    reason: 2000
  }
} as const
