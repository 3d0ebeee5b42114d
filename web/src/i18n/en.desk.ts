// Words in English: the desk's tools.
export default {
  keys: {
    title: 'Keyboard shortcuts',
    down: 'next row',
    up: 'row before',
    open: 'open the row',
    pick: 'select the row, or not',
    accept: 'accept what is selected',
    search: 'search',
    filter: 'apply that saved filter',
    entry: 'entry at the counter',
    help: 'this sheet',
  },
  bulk: {
    accept: 'Accept {n} selected',
    all: 'Select all',
    pick: 'Select {number}',
    results: 'What became of each',
    waiting: 'waiting',
    done: 'accepted',
    refused: 'not done',
    not_offered: 'cannot be accepted now',
  },
  filters: {
    title: 'Saved filters',
    save: 'Save this filter',
    keep: 'Save',
    name: 'A name for it',
    remove: 'Remove the filter {name}',
  },
  gallery: {
    title: 'Components',
    frame: 'A frame of the page; it is on every page.',
  },
}
