import { createApp } from 'vue'
import './design/tokens.css'
import './design/base.css'
import App from './App.vue'
import { i18n, startLanguage } from './i18n'
import { makeRouter } from './router'
import { cityOrSoon } from './state/city'
import { watchForGoneParts } from './state/recovery'

const router = makeRouter()
watchForGoneParts(router)
// Without the other language's words the pages still open, in Chinese.
await startLanguage().catch((error: unknown) => console.warn(error))
await cityOrSoon(1500)
createApp(App).use(i18n).use(router).mount('#app')
