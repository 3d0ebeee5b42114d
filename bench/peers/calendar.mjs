// The n-th working day after a date, by chinese-days.
//   node calendar.mjs QUESTIONS          a date a line, to be compared; QUESTIONS has "DATE N" a line
//   node calendar.mjs QUESTIONS SECONDS  {"per_second": …}
import { readFileSync } from 'node:fs'
import chineseDays from 'chinese-days'

const [file, seconds] = process.argv.slice(2)
const questions = readFileSync(file, 'utf8').trim().split('\n').map((line) => {
  const [date, days] = line.split(' ')
  return { date, days: Number(days) }
})
const answer = ({ date, days }) => chineseDays.findWorkday(days, date)

if (seconds === undefined) {
  console.log(questions.map(answer).join('\n'))
} else {
  questions.slice(0, 1000).forEach(answer) // warm
  let asked = 0
  const begun = performance.now()
  const until = begun + Number(seconds) * 1000
  while (performance.now() < until) {
    for (let i = 0; i < 100; ++i) answer(questions[asked++ % questions.length])
  }
  console.log(JSON.stringify({ per_second: (asked * 1000) / (performance.now() - begun) }))
}
