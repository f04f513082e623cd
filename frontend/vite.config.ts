/// <reference types="vitest/config" />
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import type { Plugin, Rollup } from 'vite'

const page = (name: string): string => fileURLToPath(new URL(`./${name}.html`, import.meta.url))
const backend = 'http://127.0.0.1:8060'

const BASE = '/static/'
const WORKER = 'phone-worker'

/** Tells the phone's worker what its release consists of: the page's script, all that it may load, and their styles. */
function phoneRelease(): Plugin {
  return {
    name: 'phone-release',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = new Set<string>()
      const follow = (name: string): void => {
        const one = bundle[name]
        if (files.has(name) || one?.type !== 'chunk') return
        files.add(name)
        for (const style of one.viteMetadata?.importedCss ?? []) files.add(style)
        for (const next of [...one.imports, ...one.dynamicImports]) follow(next)
      }
      const chunks = Object.values(bundle).filter((one): one is Rollup.OutputChunk => one.type === 'chunk' && one.isEntry)
      const entry = chunks.find((one) => one.name === 'phone')
      const worker = chunks.find((one) => one.name === WORKER)
      if (!entry || !worker) throw new Error('the phone has no page or no worker')
      follow(entry.fileName)
      const list = [...files].map((name) => BASE + name)
      const html = bundle['phone.html']
      const release = createHash('sha256').update(list.join()).update(html?.type === 'asset' ? html.source : '').digest('hex').slice(0, 16)
      const told = worker.code.replace('%RELEASE%', release).replace('%FILES%', list.join(' '))
      if (told.includes('%FILES%') || !told.includes(release)) throw new Error("the worker's places were not found")
      worker.code = told
    },
  }
}

export default defineConfig({
  base: BASE,
  plugins: [vue(), phoneRelease()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows no data: fonts or styles; images stay cacheable files
    chunkSizeWarningLimit: 1_200, // MapLibre, loaded lazily
    rollupOptions: {
      input: {
        ...Object.fromEntries(
          ['console', 'admin', 'phone', 'wall', 'leader', 'resident', 'sign-in'].map((name) => [name, page(name)]),
        ),
        [WORKER]: fileURLToPath(new URL('./src/phone/worker.ts', import.meta.url)),
      },
      // A worker is known by its address: it keeps its name, and the browser compares its bytes.
      output: { entryFileNames: ({ name }) => (name === WORKER ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  server: { proxy: { '/api': backend, '/live': { target: backend, ws: true } } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
})
