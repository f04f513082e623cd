/** The words of a notification: its worker makes them, on the phone. For that worker alone, which is one file. */

export const pushed = {
  title: (number: string, count: number) =>
    number ? `叫应：${count > 1 ? `${String(count)} 件事项` : `事项 ${number}`}` : '叫应：测试消息',
  body: (number: string, count: number, place: string | null) =>
    number ? [count > 1 ? `${number} 等` : '', place ?? '', '请打开应答'].filter(Boolean).join(' · ') : '本机能收到推送',
}
