/** What the screens say of half-written work, and of a session that ends. */

export const kept = {
  forms: {
    desk_report: '接报单',
    report: '上报',
    feed_back: '反馈',
    request_return: '申请退单',
    own: '我的上报',
    message: '留言',
    merge: '并案',
    handover: '交班',
  },
  /** A form, and what it is about: an item or a number. */
  titled: (form: string, about: string) => [form, about].filter(Boolean).join(' '),
  offer: '接着上次：',
  forget: (title: string) => `删除“${title}”`,
  resumed: '接着上次没有提交的内容。',
  anew: '重新填写',
  expired: (titles: readonly string[], n: number, days: number) =>
    `${titles.length ? `写到一半的${titles.map((one) => `“${one}”`).join('、')}` : `写到一半的 ${String(n)} 份内容`}已过期 ${String(days)} 天，已清除。`,
  unreadable: (n: number) => `另有 ${String(n)} 份写到一半的内容已过期或无法打开，已清除。`,
  read: '知道了',
  /** No WebCrypto, or a browser that keeps nothing. */
  fleeting: '本页不是加密连接，或本机不能保存：写到一半的内容只在本页保留，关闭即丢失。',
  session: {
    ended: '已退出登录，数据不再实时',
    again: '输入密码继续',
    lead: '写到一半的内容都在。同一个人登录后接着写；换人登录，看不到前一人的内容。',
    title: '重新登录',
    look: '先看看',
    other: '换人登录',
    go: '继续',
    ends: (minutes: number) => `${String(minutes)} 分钟后退出登录`,
    goOn: '继续使用',
    unreachable: '没有连上服务，请稍后再试。',
  },
} as const
