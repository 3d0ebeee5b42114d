// The pages. Each is fetched when it is opened; the desk brings its own components and no customer pays for them.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { speakStaff } from './i18n'
import { isStaff, useSession } from './state/session'
import HomePage from './pages/HomePage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message that names the page in the browser's title. */
    title?: string
    /** Only for staff; others are sent to sign in. */
    staff?: boolean
  }
}

export const routes: RouteRecordRaw[] = [
  { path: '/', component: HomePage },
  { path: '/check', component: () => import('./pages/CheckPage.vue'), meta: { title: 'check.title' } },
  { path: '/apply', component: () => import('./pages/ApplyPage.vue'), meta: { title: 'nav.apply' } },
  { path: '/track', component: () => import('./pages/TrackPage.vue'), meta: { title: 'nav.track' } },
  { path: '/my', component: () => import('./pages/MyPage.vue'), meta: { title: 'my.title' } },
  { path: '/case/:number', component: () => import('./pages/CasePage.vue'), props: true, meta: { title: 'case.title' } },
  { path: '/verify/:number?', component: () => import('./pages/VerifyPage.vue'), props: true, meta: { title: 'verify.title' } },
  { path: '/durations', component: () => import('./pages/DurationsPage.vue'), meta: { title: 'durations.title' } },
  { path: '/help', component: () => import('./pages/HelpPage.vue'), meta: { title: 'nav.help' } },
  { path: '/rules', component: () => import('./pages/RulesPage.vue'), meta: { title: 'rules.title' } },
  { path: '/capacity', component: () => import('./pages/CapacityPage.vue'), meta: { title: 'capacity.title' } },
  { path: '/login', component: () => import('./pages/LoginPage.vue'), meta: { title: 'login.title' } },
  { path: '/reset', component: () => import('./pages/ResetPage.vue'), meta: { title: 'reset.title' } },
  { path: '/account', component: () => import('./pages/AccountPage.vue'), meta: { title: 'account.title', staff: true } },
  { path: '/desk', component: () => import('./pages/DeskPage.vue'), meta: { title: 'desk.title', staff: true } },
  { path: '/desk/accounts', component: () => import('./pages/AccountsPage.vue'), meta: { title: 'accounts.title', staff: true } },
  { path: '/desk/calendar', component: () => import('./pages/CalendarPage.vue'), meta: { title: 'calendar.title', staff: true } },
  { path: '/desk/visits', component: () => import('./pages/VisitsPage.vue'), meta: { title: 'visit.calendar', staff: true } },
  { path: '/desk/whitelist', component: () => import('./pages/WhitelistPage.vue'), meta: { title: 'whitelist.title', staff: true } },
  { path: '/desk/team', component: () => import('./pages/TeamPage.vue'), meta: { title: 'team.title', staff: true } },
  { path: '/desk/requests', component: () => import('./pages/RequestsPage.vue'), meta: { title: 'requests.title', staff: true } },
  { path: '/desk/new', component: () => import('./pages/DeskNewPage.vue'), meta: { title: 'desk.entry', staff: true } },
  { path: '/desk/lead', component: () => import('./pages/DeskLeadPage.vue'), meta: { title: 'apply.leadTitle', staff: true } },
  { path: '/desk/findings', component: () => import('./pages/FindingsPage.vue'), meta: { title: 'oversight.pages.findings', staff: true } },
  { path: '/desk/orders', component: () => import('./pages/OrdersPage.vue'), meta: { title: 'oversight.pages.orders', staff: true } },
  { path: '/desk/reports', component: () => import('./pages/ReportsPage.vue'), meta: { title: 'oversight.pages.reports', staff: true } },
  { path: '/desk/logs', component: () => import('./pages/LogsPage.vue'), meta: { title: 'oversight.pages.logs', staff: true } },
  { path: '/desk/what-if', component: () => import('./pages/WhatIfPage.vue'), meta: { title: 'oversight.pages.what-if', staff: true } },
  { path: '/desk/feeder', component: () => import('./pages/FeederPage.vue'), meta: { title: 'capacity.feeder.title', staff: true } },
  { path: '/desk/case/:number', component: () => import('./pages/DeskCasePage.vue'), props: true, meta: { title: 'case.title', staff: true } },
  { path: '/gallery/:component?', component: () => speakStaff().then(() => import('./pages/GalleryPage.vue')), props: true, meta: { title: 'gallery.title' } },
  { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'problem.notFound' } },
]

export function makeRouter() {
  const router = createRouter({
    history: createWebHistory(),
    routes,
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(async (to) => {
    if (!to.meta.staff) return true
    const { session, load } = useSession()
    const who = session.value ?? (await load().catch(() => null))
    if (!isStaff(who)) return { path: '/login', query: { to: to.fullPath } }
    await speakStaff()
    // A second factor that the city asks for comes before anything else.
    return who?.pending && to.path !== '/account' ? { path: '/account' } : true
  })
  return router
}
