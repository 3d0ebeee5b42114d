// Roles in open cases on a running server: one's own cases, a cover until a day, all of it handed over at once.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program;
const people = {}, numbers = [];

async function call(id, who, {query = '', parts = {}, body, key = randomUUID()} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': key} : {};
  const answer = await program.ask(operation.method, path + query, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const act = async (number, action, input) => {
  const {sequence} = (await call('getCase', 'manager', {parts: {number}})).json.case;
  const answer = await call('actOnCase', 'manager', {parts: {number, action}, body: {expected_sequence: sequence, input}});
  assert.equal(answer.status, 200, answer.text);
};
const mine = async (who, member = 'me') => (await call('getInbox', who, {query: `?member=${member}`})).json.rows.map(row => row.number).sort();
const roles = async (who, member = 'me') => (await call('getTeam', who, {query: `?member=${member}`})).json.roles;
const handOver = (who, body, key) => call('handOver', who, {body, key});
const dayAfter = days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

before(async () => {
  program = await Program.start();
  const {site, ...submission} = contract.operation('submitCase').examples.example;
  for (const [user, role, ...more] of [['manager', 'manager'], ['anna', 'clerk'], ['bert', 'clerk'], ['carl', 'clerk'], ['away', 'clerk', '--area', '370699'], ['supervisor', 'supervisor'], ['here', 'manager', '--area', '370699']])
    program.addAccount(user, role, password, more);
  await program.serve();
  for (const user of ['manager', 'anna', 'bert', 'carl', 'away', 'supervisor', 'here']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  for (let i = 0; i < 3; ++i) {
    const applicant = {...submission.applicant, phone: `1380000000${i}`};
    numbers.push((await call('submitCase', 'nobody', {body: {...submission, site, applicant}})).json.number);
  }
  numbers.sort();
  for (const number of numbers.slice(0, 2)) await act(number, 'assign', {role: 'customer_manager', account: 'anna', reason: 'assigned'});
  await act(numbers[0], 'assign', {role: 'project_manager', account: 'anna', reason: 'assigned'});
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('whose cases are whose', async () => {
  assert.deepEqual(await mine('anna'), numbers.slice(0, 2));
  assert.deepEqual(await mine('manager', 'anna'), numbers.slice(0, 2));
  assert.deepEqual(await mine('bert'), []);
  assert.equal((await roles('anna')).length, 3);
  assert.deepEqual(await mine('here', 'anna'), [], 'of another district');
  assert.deepEqual(await roles('here', 'anna'), []);
  for (const [id, query] of [['getInbox', '?member=nobody'], ['getTeam', '?member=nobody']])
    assert.equal((await call(id, 'manager', {query})).json.code, 'connection.unknown_account');
});

test('what is refused, and leaves everything as it is', async () => {
  const rows = [
    ['another one\'s, by a clerk', 'bert', {from: 'anna', to: 'bert', reason: 'handed_over'}, 'identity.forbidden'],
    ['by a supervisor', 'supervisor', {from: 'anna', to: 'bert', reason: 'handed_over'}, 'identity.forbidden'],
    ['to nobody', 'anna', {from: 'me', to: 'nobody', reason: 'handed_over'}, 'connection.unknown_account'],
    ['to oneself', 'anna', {from: 'me', to: 'anna', reason: 'handed_over'}, 'connection.unknown_account'],
    ['to somebody of another district', 'anna', {from: 'me', to: 'away', reason: 'handed_over'}, 'connection.out_of_reach'],
    ['of a manager of another district', 'here', {from: 'anna', to: 'bert', reason: 'handed_over'}, undefined],
  ];
  for (const [what, who, body, code] of rows) assert.equal((await handOver(who, body)).json.code, code, what);
  // What the rules of a case refuse is told role by role.
  for (const body of [{from: 'me', to: 'bert', reason: 'because'}, {from: 'me', to: 'bert', reason: 'covered'}, {from: 'me', to: 'bert', reason: 'covered', until: dayAfter(-3)}]) {
    const {results} = (await handOver('anna', body)).json;
    assert.deepEqual(results.map(each => each.code === null), [false, false, false], JSON.stringify(results));
  }
  assert.equal((await roles('anna')).length, 3);
});

test('a cover until a day: the cases are both\'s, the roles stay; the same again changes nothing', async () => {
  const body = {from: 'anna', to: 'bert', reason: 'covered', until: dayAfter(2)}, key = randomUUID();
  const {results, left} = (await handOver('manager', body, key)).json;
  assert.deepEqual([results.map(each => each.code), left], [[null, null, null], 0]);
  assert.deepEqual(await mine('bert'), numbers.slice(0, 2));
  assert.deepEqual(await mine('anna'), numbers.slice(0, 2));
  assert.deepEqual(await roles('bert'), [], 'a cover has nothing to hand over');
  assert.deepEqual((await roles('anna')).map(each => each.cover_name), ['bert', 'bert', 'bert']);
  assert.deepEqual((await handOver('manager', body)).json.results, [], 'covered so already');
});

test('for good: every role goes, the timeline says so, and replay finds the same view', async () => {
  const {results} = (await handOver('anna', {from: 'me', to: 'carl', reason: 'handed_over'})).json;
  assert.equal(results.length, 3);
  assert.deepEqual(await roles('anna'), []);
  assert.deepEqual(await mine('bert'), [], 'the cover ended with it');
  assert.deepEqual(await mine('carl'), numbers.slice(0, 2));
  const {timeline} = (await call('getCase', 'carl', {parts: {number: numbers[1]}})).json.case;
  assert.equal(timeline.at(-1).type, 'case.team_changed');
  assert.match(run(['replay', ...program.place]), /./);
});
