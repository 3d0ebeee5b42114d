// Papers that were chosen before there is a case to send them to. They lie in the customer's own browser, beside the draft, and go to the
// server once the case has a number: it never has a paper of somebody who has not applied. A counter's machine is not the customer's:
// there they lie in memory and go with the tab.

export type Kept = { id: number; shelf: string; document: string; file: File }

const inMemory: Kept[] = []
let last = 0 // numbers below nought: the database counts upwards

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

let opened: Promise<IDBDatabase> | undefined
function database() {
  const request = indexedDB.open('tongdian', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('papers', { keyPath: 'id', autoIncrement: true }).createIndex('shelf', 'shelf')
  return done(request)
}

/** Does it in the database; where the browser has none, forbids it or is full, the answer is `otherwise`. */
async function inDatabase<T, O>(mode: IDBTransactionMode, work: (papers: IDBObjectStore) => IDBRequest<T>, otherwise: O): Promise<T | O> {
  try {
    const db = await (opened ??= database())
    return await done(work(db.transaction('papers', mode).objectStore('papers')))
  } catch {
    return otherwise
  }
}

export async function keep(shelf: string, document: string, file: File, lasting: boolean): Promise<void> {
  const kept = lasting && (await inDatabase('readwrite', (papers) => papers.add({ shelf, document, file }), null))
  if (!kept) inMemory.push({ id: --last, shelf, document, file })
}

export async function keptFor(shelf: string): Promise<Kept[]> {
  const lasting: Kept[] = await inDatabase('readonly', (papers) => papers.index('shelf').getAll(shelf), [])
  return [...lasting, ...inMemory.filter((each) => each.shelf === shelf)]
}

export async function drop({ id }: Kept): Promise<void> {
  const at = inMemory.findIndex((each) => each.id === id)
  if (at >= 0) inMemory.splice(at, 1)
  else await inDatabase('readwrite', (papers) => papers.delete(id), null)
}

/** The draft has become a case: what was chosen for the one is for the other. */
export async function moveShelf(from: string, to: string): Promise<void> {
  for (const each of await keptFor(from)) {
    if (each.id < 0) each.shelf = to
    else await inDatabase('readwrite', (papers) => papers.put({ ...each, shelf: to }), null)
  }
}

export async function clearShelf(shelf: string): Promise<void> {
  for (const each of await keptFor(shelf)) await drop(each)
}
