// Says what the screens show: reads [[clock, instants], …] from stdin, answers the light of each clock at each instant.
// The rule is the screens' own file, its types taken away; run it in frontend/, where TypeScript is.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const typescript = createRequire(resolve('package.json'))('typescript')
const { outputText } = typescript.transpileModule(readFileSync('src/shared/lights.ts', 'utf-8'), {
  compilerOptions: { module: 'ESNext', target: 'ES2022', verbatimModuleSyntax: true },
})
const { lightOf, countingClock, momentOf } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`)
const asked = JSON.parse(readFileSync(0, 'utf-8'))
process.stdout.write(
  JSON.stringify(
    asked.map(([clocks, instants]) =>
      instants.map((at) => {
        const now = momentOf(at)
        return [clocks.map((clock) => lightOf(clock, now)), countingClock(clocks, now)?.id ?? null]
      }),
    ),
  ),
)
