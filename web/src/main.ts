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
const app = createApp(App).use(i18n).use(router)
// The first picture is the whole page: neither its part of the program nor the city comes after it and moves what is there.
await Promise.allSettled([cityOrSoon(1500), router.isReady()])
app.mount('#app')
