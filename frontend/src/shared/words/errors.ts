/** What a screen says about a refusal that has no words of its own, and about no answer at all. */

export const ERRORS: Readonly<Record<string, string>> = {
  'http.403': '你没有这项权限。',
  'http.404': '找不到，或不在你的可见范围。',
  'http.409': '当前状态不允许这样做。',
  'http.412': '内容已被他人更新。',
  'http.413': '内容太大。',
  'http.415': '不接受这种文件。',
  'http.422': '填写的内容不被接受。',
  'http.428': '缺少版本，请刷新后再试。',
  'http.429': '太频繁，请稍候。',
}
export const FAILED = '未能完成。'
export const UNKNOWN = '没有收到答复，不知是否成功。重试是安全的，不会重复办理。'
export const KEY_REUSED = '此前的提交已经生效，请以刷新后的内容为准。'
