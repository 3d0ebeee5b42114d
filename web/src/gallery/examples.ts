// A component is a folder: NAME.vue, and NAME.examples.ts with the states that it has. They are its page in the gallery, what its test
// mounts in both languages, and what is checked for accessibility in a browser.
import type { Component } from 'vue'

export type Example = {
  /** What the state is, in English; for those who build pages. */
  name: string
  props?: Record<string, unknown>
  slot?: string
  /** A frame of the whole page (header, footer, dialog): it has landmarks of its own and is shown alone. */
  frame?: boolean
}
export type Examples = { component: Component; examples: Example[] }

/** Components are of many shapes; what their props are, their own types check where they are used. */
export const examplesOf = (component: unknown, examples: Example[]): Examples => ({ component: component as Component, examples })

const found = import.meta.glob<{ default: Examples }>('../components/*/*.examples.ts')
export const loaders = new Map(Object.entries(found).map(([path, load]) => [/\/(\w+)\.examples\.ts$/.exec(path)![1]!, async () => (await load()).default]))
export const names = [...loaders.keys()].sort()
