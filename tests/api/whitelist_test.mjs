// The whitelist 白名单 (三(三)1, #35) on a running server: proposed by one and confirmed by another, refused where the network has a point that
// fits, its register, and the stage that begins with the end of the works.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const village = new URL('../../docs/examples/grid-small', import.meta.url).pathname;
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
const look = async (number, who = 'manager') => (await call('getCase', who, {parts: {number}})).json.case;
async function act(number, who, action, input = {}) {
  const {sequence} = await look(number);
  return call('actOnCase', who, {parts: {number, action}, body: {expected_sequence: sequence, input}});
}
const register = async (who, query = '') => (await call('getWhitelist', who, {query})).json;
const dayAfter = days => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const works = {limit: 'overload', cure: 'reinforce', what: '10千伏村东线3号杆至12号杆换线', expected_on: dayAfter(20), responsible: 'clerk'};
const proposal = {kind: 'micro_beyond_capacity', connection_point: '村东线12号杆', ...works};

before(async () => {
  program = await Program.start();
  const {site, applicant, ...submission} = contract.operation('submitCase').examples.example;
  for (const [user, role, ...more] of [['clerk', 'clerk'], ['manager', 'manager'], ['supervisor', 'supervisor'], ['away', 'manager', '--area', '370699']])
    program.addAccount(user, role, password, more);
  await program.serve('--network', village);
  for (const user of ['clerk', 'manager', 'supervisor', 'away']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  const facts = {...submission.facts, customer: 'non_resident', requested_kw: 100, works_needed: true, route: {road: 'none', trees: 'none'},
    enterprise: {business_licence: true, registered_address_is_supply_address: true, tariff: 'general_commercial', direct_supply: true, connected_kva_at_address: 100, in_urban_planning_area: true, park: 'none'}};
  for (let i = 0; i < 3; ++i)
    numbers.push((await call('submitCase', 'nobody', {body: {...submission, facts, site, applicant: {...applicant, phone: `1380000000${i}`}}})).json.number);
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('what is refused, and leaves no entry', async () => {
  const question = {longitude: 121.45, latitude: 37.51, kw: 100, voltage: 'lv', sources: 1, important: false, boundary: 'meter', to_red_line_m: 0};
  const rows = [
    ['by a manager, who confirms', 'manager', 'propose_whitelist', proposal, 'identity.forbidden'],
    ['by who only looks', 'supervisor', 'propose_whitelist', proposal, 'identity.forbidden'],
    ['nobody is responsible', 'clerk', 'propose_whitelist', {...proposal, responsible: 'nobody'}, 'connection.unknown_account'],
    ['a third kind', 'clerk', 'propose_whitelist', {...proposal, kind: 'everybody'}, 'connection.unknown_kind'],
    ['a day that is gone', 'clerk', 'propose_whitelist', {...proposal, expected_on: dayAfter(-3)}, 'connection.bad_day'],
    ['the network has a point that fits', 'clerk', 'propose_whitelist', {...proposal, draft: {...question, voltage: '10kv'}}, 'connection.something_fits'],
    ['nothing is proposed', 'manager', 'confirm_whitelist', {}, 'connection.not_now'],
    ['nothing is to be built', 'clerk', 'complete_works', {work: '1'}, 'connection.not_now'],
  ];
  for (const [what, who, action, input, code] of rows) assert.equal((await act(numbers[0], who, action, input)).json.code, code, what);
  assert.equal((await look(numbers[0])).whitelist, null);
  assert.deepEqual(await register('manager'), {rows: [], next: null, total: 0, overdue: 0});
});

test('proposed with what the network answered, confirmed by another: the stage has ended, no clock runs, the works have theirs', async () => {
  const far = {longitude: 119.9, latitude: 36.9, kw: 100, voltage: 'lv', sources: 1, important: false, boundary: 'meter', to_red_line_m: 0};
  const computed = await act(numbers[0], 'clerk', 'propose_whitelist', {...proposal, kind: 'outside_planned_grid', draft: far});
  assert.equal(computed.status, 200, computed.text);
  assert.equal(computed.json.case.whitelist.computed, true);
  assert.equal((await act(numbers[1], 'clerk', 'propose_whitelist', proposal)).status, 200);
  assert.equal((await act(numbers[1], 'clerk', 'add_works', {...works, limit: 'undervoltage', cure: 'regulate_voltage', what: '加装线路调压器', responsible: 'manager'})).status, 200);
  assert.equal((await act(numbers[1], 'clerk', 'confirm_whitelist')).json.code, 'identity.forbidden');
  const {case: entered} = (await act(numbers[1], 'manager', 'confirm_whitelist')).json;
  assert.deepEqual([entered.state, entered.clocks.a.status, entered.clocks.a.due_on, entered.clocks.c.who], ['awaiting_works', 'stopped', null, 'grid']);
  assert.deepEqual([entered.whitelist.state, entered.whitelist.computed, entered.whitelist.clauses], ['under_way', false, ['三(三)1', '#35']]);
  assert.deepEqual(entered.whitelist.works.map(each => [each.id, each.limit_name.zh, each.responsible, each.overdue]), [['1', '过载', 'clerk', false], ['2', '电压偏低', 'manager', false]]);
  assert.deepEqual(entered.timeline.at(-1).clauses, ['三(三)1', '#35']);
  assert.deepEqual(entered.stages.map(each => each.status), ['done', 'waiting']);
  assert.ok(!entered.actions.some(each => each.id === 'energise'));
});

test('what a day of one\'s choice would make of it: the next stage counts from the end of all works, and nobody promises that day', async () => {
  const {json} = await call('getForecast', 'clerk', {parts: {number: numbers[1]}, query: `?on=${dayAfter(20)}`});
  assert.deepEqual([json.now.state, json.now.due_on, json.promise], ['awaiting_works', null, null]);
  assert.deepEqual([json.then.state, json.then.stage], ['running', 'energisation']);
  assert.ok(json.then.stage_due_on > dayAfter(20), json.then.stage_due_on);
});

test('the register, by what is expected first and within the reader\'s reach', async () => {
  const all = await register('supervisor');
  assert.deepEqual(all.rows.map(each => [each.number, each.state, each.case_state]), [[numbers[1], 'under_way', 'awaiting_works'], [numbers[0], 'proposed', 'running']]);
  assert.deepEqual([all.total, all.overdue], [2, 0]);
  assert.deepEqual((await register('clerk', '?state=proposed')).rows.map(each => each.number), [numbers[0]]);
  assert.deepEqual((await register('clerk', '?state=overdue')).rows, []);
  assert.deepEqual((await register('clerk', '?area=370602')).total, 2);
  assert.deepEqual((await register('away')).rows, [], 'of another district');
  const first = await register('clerk', '?limit=1');
  assert.deepEqual((await register('clerk', `?limit=1&after=${first.next}`)).rows.map(each => each.number), [numbers[0]]);
  assert.equal((await register('clerk', '?state=some')).code, 'http.bad_query');
  assert.equal((await program.ask('GET', '/api/v1/whitelist')).status, 401);
  assert.ok(!JSON.stringify(all).includes('王小明'), 'nobody\'s name is in it');
});

test('a new date, the first of two works, the second: then the next stage begins', async () => {
  const moved = (await act(numbers[1], 'clerk', 'reschedule_works', {work: '1', expected_on: dayAfter(30), reason: '电缆未到货'})).json.case.whitelist.works[0];
  assert.deepEqual([moved.expected_on, moved.first_expected_on], [dayAfter(30), dayAfter(20)]);
  assert.equal((await act(numbers[1], 'clerk', 'complete_works', {work: '1'})).json.case.state, 'awaiting_works');
  const {case: on} = (await act(numbers[1], 'clerk', 'complete_works', {work: '2'})).json;
  assert.deepEqual([on.state, on.stage, on.stages[1].status, on.whitelist.state], ['running', 'energisation', 'running', 'completed']);
  assert.ok(on.clocks.a.due_on);
  // The outbox is drained beside the requests.
  let told = [];
  for (let i = 0; i < 100 && !told.some(each => each.text.zh.includes('配套电网工程已完工')); ++i) {
    await new Promise(done => setTimeout(done, 100));
    told = (await look(numbers[1])).messages;
  }
  assert.deepEqual(told.filter(each => /白名单|配套/.test(each.text.zh)).length, 2, JSON.stringify(told));
});

test('an entry by mistake is withdrawn with a reason: the stage runs as if it had never ended; replay finds the same views', async () => {
  assert.equal((await act(numbers[0], 'manager', 'confirm_whitelist')).status, 200);
  assert.equal((await act(numbers[0], 'manager', 'withdraw_whitelist', {reason: '找王先生 13800001234'})).json.code, 'connection.personal_data');
  const {case: back} = (await act(numbers[0], 'manager', 'withdraw_whitelist', {reason: '已有可用接入点'})).json;
  assert.deepEqual([back.state, back.stage, back.whitelist.state, back.whitelist.reason], ['running', 'acceptance', 'withdrawn', '已有可用接入点']);
  assert.ok(back.clocks.a.due_on);
  assert.match(run(['replay', ...program.place]), /./);
});
