/// <reference types="vitest/config" />
import { defineConfig } from 'vite'
import vue from '@vitejs/plugin-vue'

export default defineConfig({
  plugins: [vue()],
  define: {
    // vue-i18n's build switches: composition API only, no developer tools in the product.
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true, // Element Plus still uses it in places
  },
  // By number: a bare system has no /etc/hosts, and `localhost` would not be found.
  server: { host: '127.0.0.1', proxy: { '/api': process.env.TONGDIAN_SERVER ?? 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    // The server answers with `script-src 'self'`: nothing may be inlined as data: or as an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  test: {
    environment: 'happy-dom',
    testTimeout: 120_000, // only so that a hanging test ends: a loaded machine is slow
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
