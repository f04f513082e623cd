/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const page = (name: string): string => fileURLToPath(new URL(`./${name}.html`, import.meta.url))
const backend = 'http://127.0.0.1:8060'

export default defineConfig({
  base: '/static/',
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // the policy allows no data: fonts or styles; images stay cacheable files
    chunkSizeWarningLimit: 1_200, // MapLibre, loaded lazily
    rollupOptions: {
      input: Object.fromEntries(
        ['console', 'admin', 'phone', 'wall', 'leader', 'resident', 'sign-in'].map((name) => [name, page(name)]),
      ),
    },
  },
  server: { proxy: { '/api': backend, '/live': { target: backend, ws: true } } },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'] },
})
