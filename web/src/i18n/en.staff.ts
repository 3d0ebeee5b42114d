// The words in English that only staff's pages say; they come with the first of these.
import type { StaffMessages } from './index'
import oversight from './oversight.en'

const staff: StaffMessages = {
  oversight,
  calendar: {
    title: 'Working days',
    lead: 'Every limit is counted by these days. A further year or a correction is proposed by one administrator and confirmed by another; within seconds every node counts by it, and the dates of open cases follow.',
    reach: 'Loaded from {from} to {to}',
    propose: 'Propose a further year or a correction',
    how: "Choose a CSV file of the State Council's notice (date,name,kind), named by its year: 2027.csv. One of the same name is replaced.",
    whose: 'For',
    wholeCity: 'the whole city',
    choose: 'Choose a file and propose it',
    asked: 'Proposed; another administrator confirms it.',
    proposed: '{n} calendar proposed | {n} calendars proposed',
    none: 'No calendar has been proposed on this page yet.',
    states: { open: 'to be confirmed', granted: 'confirmed', declined: 'declined', withdrawn: 'taken back' },
    askedBy: 'Proposed by {name}, {at}',
    answered: { granted: 'confirmed by {name}, {at}', declined: 'declined by {name}, {at}', withdrawn: 'taken back by {name}, {at}' },
    further: 'Reaches to {to} (today to {now})',
    turns: 'Turns {n} day that counts already; due dates of open cases are counted anew: | Turns {n} days that count already; due dates of open cases are counted anew:',
    turnsNothing: 'Turns no day that counts already.',
    works: 'a working day',
    off: 'a day off',
    rows: 'Compare row by row',
  },
  capacity: {
    weak: {
      title: 'Weak spots ({n})',
      working: 'They are being worked out from the loads of the year; reload in a moment.',
      none: 'Nothing is overloaded, low in voltage, or fails again and again.',
      first: 'The {n} that touch most customers.',
      columns: { kind: 'What', where: 'Where', customers: 'Customers', worst: 'At worst', hours: 'Hours a year' },
      kinds: { overload: 'Overload', low_voltage: 'Low voltage', repeated_faults: 'Repeated faults' },
      worst: { overload: '{worst}% of its rating', low_voltage: '{worst} (limit {limit})', repeated_faults: '{worst} in a year' },
    },
    feeder: {
      title: 'A feeder, drawn',
      lead: 'The worst voltage and current of the year. Drag a node upwards (or use the arrow keys or the slider) to add a load: the picture is computed anew.',
      choose: 'Feeder',
      more: 'More load at {node}: {n} kW',
      pick: 'Choose a node in the picture.',
      node: '{node}: lowest voltage {v} (limit {limit}), {share}% of its rating, {kw} kW of its own',
      unsolved: 'So much load has no solution.',
      picture: 'One-line diagram of feeder {feeder}: {n} nodes, {broken} beyond a limit',
      doubts: 'What looks wrong with the network ({n})',
      doubtsLead: 'Check these first: an island without a source is left out of every computation, and doubtful parameters distort the results.',
      view: 'How it is drawn',
      oneLine: 'One-line diagram',
      map: 'Map',
      fine: 'within limits',
      near: 'near a limit',
      broken: 'beyond a limit',
    },
  },
}
export default staff
