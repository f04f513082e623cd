/**
 * What a centre may set for itself: each setting's type and bounds. Written by `./relay generate` from
 * command/settings/registry.py (server/centre_settings.py).
 */

export interface Settings {
  /** 受理到派遣的时限: 1 to 240 小时. */
  dispatch_within_h: number
  /** 改派的时限: 1 to 240 小时. */
  redispatch_within_h: number
  /** 返工的时限: 1 to 240 小时. */
  rework_within_h: number
  /** 一般事项的处置时限: 1 to 60 天. */
  handling_general_days: number
  /** 重大事项和特殊风险的处置时限: 1 to 90 天. */
  handling_major_days: number
  /** 降级后至少还有的时间: 0 to 240 小时. */
  downgrade_floor_h: number
  /** 时限用去多少起为将超限（黄灯）: 1 to 99 %. */
  amber_share: number
  /** 一次挂账的最长期限: 1 to 180 天. */
  suspend_max_days: number
  /** 挂账到期前的提醒: 1 to 99 %. */
  suspend_warn_percent: number
  /** 结案到归档: 1 to 365 天. */
  archive_after_days: number
  /** 上传下达：通知下一联系人: 1 to 98 %. */
  relay_next_contact_percent: number
  /** 上传下达：通知值班长: 2 to 99 %. */
  relay_lead_percent: number
  /** 补录可以追溯的时间: 1 to 31 天. */
  backfill_days: number
  /** 每一跳的预算时间: 1 to 60 分钟. */
  hop_budget_min: number
  /** 不予受理、结案后列入待答复的期限: 1 to 365 天. */
  answer_wanted_days: number
  /** 新情况标记的保留时间: 1 to 90 天. */
  unseen_kept_days: number
  /** 镇街值班可以受理: on or off. */
  township_accepts: boolean
  /** 同一网络地址每小时可自助上报: 1 to 10000 件. */
  resident_reports_per_hour: number
  /** 同一网格每小时可自助上报: 1 to 10000 件. */
  resident_reports_per_grid_hour: number
  /** 公开网址: 200 characters at most. */
  public_url: string
  /** 最后一次操作后保持登录的时间: 24 to 168 小时. */
  session_hours: number
  /** 写到一半的内容的保留时间: 1 to 30 天. */
  draft_kept_days: number
  /** 离辖区多远的位置不采用: 20 to 5000 公里. */
  far_point_km: number
  /** 态势报告的保留时间: 1 to 730 天. */
  situation_kept_days: number
  /** 磁盘用量提醒: 10 to 99 %. */
  disk_warn_percent: number
  /** 新派遣单要叫应: on or off. */
  call_new_orders: boolean
  /** 转办要叫应: on or off. */
  call_forwards: boolean
  /** 紧急上报要叫应: on or off. */
  call_urgent_reports: boolean
  /** 退单申请要叫应: on or off. */
  call_returns: boolean
  /** 补充中有险情要叫应: on or off. */
  call_dangers: boolean
  /** 指定接收人多久不应答，叫应当班的人: 1 to 60 分钟. */
  call_receiver_wait_min: number
  /** 要求答复的留言要叫应: on or off. */
  call_messages: boolean
  /** 每天几点叫应过夜未核查的反馈（如 08:30，留空不叫）: 5 characters at most. */
  call_verification_at: string
  /** 联络员多久不应答，叫应下一级: 1 to 60 分钟. */
  call_liaison_wait_min: number
  /** 副职多久不应答，叫应下一级: 1 to 60 分钟. */
  call_deputy_wait_min: number
  /** 负责人多久不应答，叫应值班长: 1 to 60 分钟. */
  call_head_wait_min: number
  /** 值班员、值班长多久不应答，转下一步: 1 to 60 分钟. */
  call_desk_wait_min: number
  /** 紧急事项每级等多久: 1 to 30 分钟. */
  call_urgent_wait_min: number
  /** 电话未接、空号后多久再拨: 1 to 120 分钟. */
  call_again_min: number
  /** 页面多久没有显示叫应，改走外部通道: 10 to 600 秒. */
  call_outside_after_s: number
  /** 外部通道一条消息最多送几次: 1 to 5 次. */
  call_outside_tries: number
  /** 叫应明细的保留时间: 7 to 730 天. */
  call_attempts_kept_days: number
  /** 一条留言最多多少字: 50 to 2000 字. */
  message_chars: number
  /** 一人一小时最多留言: 5 to 1000 条. */
  messages_per_hour: number
  /** 留言要求答复的时间最远多少天: 1 to 90 天. */
  message_answer_days: number
  /** 中心电话: 40 characters at most. */
  centre_phone: string
}

export type SettingName = keyof Settings
