// Visits on a running server: offered, booked by one of two who want it at once, cancelled, and whose they are to see.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program, days;
const people = {}, numbers = {};

async function call(id, who, {query = '', parts = {}, body, key = randomUUID()} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? numbers[who]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': key} : {};
  const answer = await program.ask(operation.method, path + query, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const code = answer => answer.json?.code ?? answer.status;
const offer = (who, ...starts_at) => call('offerVisits', who, {body: {starts_at}});
const open = async who => (await call('getCaseVisits', who)).json.open;
const book = (who, visit) => call('bookVisit', who, {body: {visit}});

before(async () => {
  program = await Program.start();
  for (const [user, role, ...more] of [['anna', 'manager'], ['bert', 'manager'], ['away', 'manager', '--area', '370699'], ['supervisor', 'supervisor']]) program.addAccount(user, role, password, more);
  await program.serve();
  for (const user of ['anna', 'bert', 'away', 'supervisor']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  const example = structuredClone(contract.operation('submitCase').examples.example);
  for (const [i, who] of ['li', 'wang', 'zhao'].entries()) {
    Object.assign(example.applicant, {phone: `1380000000${i}`});
    numbers[who] = (await call('submitCase', 'nobody', {body: example})).json.number;
    const answer = await program.ask('POST', '/api/v1/track', {body: {number: numbers[who], phone: `1380000000${i}`}});
    people[who] = sessionOf(answer, answer.json.session.csrf);
  }
  days = (await call('getVisits', 'anna', {query: '?days=10'})).json.days;
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('times are offered on the calendar\'s grid, and shown to whom they may concern', async () => {
  assert.equal(days.length, 10);
  assert.equal(days[0].starts_at.length, 8);
  const [first, second] = days[3].starts_at;
  for (const [what, starts] of [['between two times', first.replace(':00:00', ':10:00')], ['no time', 'noon'], ['by night', first.replace(/T\d\d/, 'T03')]])
    assert.equal(code(await offer('anna', starts)), 'visits.bad_time', what);
  assert.equal(code(await offer('anna', days[0].starts_at[0].replace(/^\d{4}/, '2020'))), 'visits.too_late');
  const {visits} = (await offer('anna', first, second)).json;
  assert.deepEqual(visits.map(each => [each.state, each.mine, each.starts_at]), [['offered', true, first], ['offered', true, second]]);
  assert.equal((await offer('anna', first)).json.visits.length, 1, 'again is no second');
  assert.equal((await offer('away', first)).status, 200);
  assert.deepEqual((await open('li')).map(each => each.with), ['anna', 'anna'], 'not those of another district');
  assert.equal((await call('getVisits', 'bert', {query: '?days=10&member=all'})).json.visits.length, 0, 'whose free hours are whose is nobody else\'s');
  assert.equal((await call('getVisits', 'supervisor')).status, 403);
});

test('of two who book one time at once, one gets it', async () => {
  const [{id}, other] = await open('li');
  const answers = await Promise.all([book('li', id), book('wang', id)]);
  assert.deepEqual(answers.map(code).sort(), [200, 'visits.taken']);
  const [winner, loser] = answers[0].status === 200 ? ['li', 'wang'] : ['wang', 'li'];
  assert.equal((await call('getCaseVisits', winner)).json.booked[0].id, id);
  assert.deepEqual((await open(loser)).map(each => each.id), [other.id]);
  assert.equal(code(await book(winner, other.id)), 'visits.already');
  assert.equal((await book(winner, id)).status, 200, 'the same again is no second visit');
  assert.equal(code(await call('withdrawVisit', 'anna', {parts: {visit: id}})), 'visits.not_open');
  const seen = (await call('getVisits', 'bert', {query: '?days=10&member=all'})).json.visits;
  assert.deepEqual(seen.map(each => [each.number, each.with, each.mine]), [[numbers[winner], 'anna', false]]);
  assert.equal((await call('getVisits', 'away', {query: '?days=10&member=all'})).json.visits.filter(each => each.state === 'booked').length, 0);
  // Another's visit is not to be cancelled, its owner's is, and then the time is free again.
  assert.equal(code(await call('cancelVisit', loser, {parts: {visit: id, number: numbers[loser]}})), 'identity.not_found');
  assert.equal((await call('cancelVisit', winner, {parts: {visit: id, number: numbers[winner]}})).json.booked.length, 0);
  assert.equal((await book(loser, id)).status, 200);
});

test('staff book for who telephones, cancel, take back; the team\'s times come first', async () => {
  const third = days[4].starts_at[0];
  const [{id}] = (await offer('bert', third)).json.visits;
  const parts = {number: numbers.zhao};
  assert.equal((await call('bookVisit', 'anna', {parts, body: {visit: id}})).json.booked[0].with, 'bert');
  assert.equal((await call('cancelVisit', 'anna', {parts: {...parts, visit: id}})).json.booked.length, 0);
  assert.ok(!(await open('zhao')).some(each => each.id === id), 'staff who cancel cannot come then');
  assert.equal((await call('withdrawVisit', 'anna', {parts: {visit: id}})).status, 404, 'another\'s');
  const [{id: again}] = (await offer('bert', third)).json.visits;
  assert.equal(again, id);
  const {sequence} = (await call('getCase', 'anna', {parts})).json.case;
  assert.equal((await call('actOnCase', 'anna', {parts: {...parts, action: 'assign'}, body: {expected_sequence: sequence, input: {role: 'customer_manager', account: 'bert', reason: 'assigned'}}})).status, 200);
  assert.deepEqual((await open('zhao')).map(each => each.with), ['bert']);
  assert.equal((await call('withdrawVisit', 'bert', {parts: {visit: id}})).status, 204);
  assert.deepEqual(await open('zhao'), []);
  assert.equal(code(await book('zhao', 'nothing-1')), 'identity.not_found');
  assert.match(run(['replay', ...program.place]), /./);
});
