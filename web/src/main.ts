import { createApp } from 'vue'
import './design/tokens.css'
import './design/base.css'
import App from './App.vue'
import { i18n, startLanguage } from './i18n'
import { makeRouter } from './router'

await startLanguage()
createApp(App).use(i18n).use(makeRouter()).mount('#app')
