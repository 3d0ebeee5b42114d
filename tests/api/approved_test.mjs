// What a plan promised is taken: open capacity shrinks by it until the case is withdrawn, and an earlier plan still recomputes as it was.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const village = new URL('../../docs/examples/grid-small', import.meta.url).pathname;
const near = '?longitude=121.45&latitude=37.51';
const question = {longitude: 121.45, latitude: 37.51, kw: 200, voltage: '10kv', sources: 1, important: false, boundary: 'ownership_point', to_red_line_m: 0};
let program, session;
const numbers = [];

async function call(id, {query = '', parts = {}, body, who = session} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': randomUUID()} : {};
  const answer = await program.ask(operation.method, path + query, {body, headers, session: who});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
async function act(number, action, input = {}) {
  const {json: {case: {sequence}}} = await call('getCase', {parts: {number}});
  return call('actOnCase', {parts: {number, action}, body: {expected_sequence: sequence, input}});
}
/** Counting is beside the requests: what is open at pole 3 once `cases` are counted. */
async function openWith(cases) {
  for (let i = 0; i < 300; ++i) {
    const {json} = await call('getOpenCapacity', {query: near, who: null});
    if (json.computed && json.approved.cases === cases) return {...json, kw: json.places.find(each => each.node === 'pole 3').kw};
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error(`never ${cases}`);
}

before(async () => {
  program = await Program.start();
  program.addAccount('manager', 'manager', password);
  await program.serve('--network', village);
  const answer = await program.ask('POST', '/api/v1/session', {body: {user: 'manager', password}});
  session = sessionOf(answer, answer.json.csrf);
  const {site, applicant, ...submission} = contract.operation('submitCase').examples.example;
  const facts = {...submission.facts, customer: 'non_resident', voltage: '10kv', requested_kw: 200, works_needed: true, self_built: true, route: {road: 'none', trees: 'none'},
    enterprise: {business_licence: true, registered_address_is_supply_address: true, tariff: 'general_commercial', direct_supply: true, connected_kva_at_address: 200, in_urban_planning_area: true, park: 'none'}};
  for (let i = 0; i < 2; ++i) {
    const {number} = (await call('submitCase', {body: {...submission, facts, site, applicant: {...applicant, phone: `1380000000${i}`}}, who: null})).json;
    numbers.push(number);
    assert.equal((await act(number, 'accept')).status, 200);
  }
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('a plan is a promise: what is open at its point is less by it, and the next plan counts with it', async () => {
  const before = await openWith(0);
  assert.equal(before.approved.kw, 0);
  const first = await act(numbers[0], 'reply_plan', {connection_point: '10千伏村东线3号杆', draft: {...question, chosen: ['pole 3']}});
  assert.equal(first.status, 200, first.text);
  const one = await openWith(1);
  assert.equal(one.approved.kw, 200);
  assert.ok(one.kw < before.kw, `${one.kw} of ${before.kw}`);
  const draft = (await call('draftSupplyPlan', {body: question})).json;
  assert.deepEqual(draft.inputs.approved, one.approved);

  const second = await act(numbers[1], 'reply_plan', {connection_point: '10千伏村东线3号杆', draft: question});
  assert.equal(second.status, 200, second.text);
  const two = await openWith(2);
  assert.ok(two.kw <= one.kw);
  assert.notEqual(two.approved.digest, one.approved.digest);
});

test('what does not fit is not promised', async () => {
  const {number} = (await call('submitCase', {body: {...contract.operation('submitCase').examples.example}, who: null})).json;
  const withDraft = draft => act(number, 'accept', {draft});
  assert.equal((await withDraft({...question, voltage: 'lv', chosen: ['nowhere']})).json.code, 'supply.not_offered');
  assert.equal((await withDraft({...question, chosen: 'pole 3'})).json.path, '/input/draft/chosen');
  assert.equal((await withDraft({...question, kw: 0})).json.path, '/input/draft/kw');
});

test('withdrawn, it is there again; and the plans recompute as the journal stood when they were made', async () => {
  assert.equal((await act(numbers[0], 'withdraw', {reason: 'not_needed'})).status, 200);
  const one = await openWith(1);
  assert.equal(one.approved.kw, 200);
  assert.equal((await act(numbers[1], 'withdraw', {reason: 'not_needed'})).status, 200);
  await openWith(0);
  for (const number of numbers) {
    const again = JSON.parse(run(['supply', 'recompute', number, '--network', village, ...program.place]));
    assert.equal(again.same_inputs, true);
    assert.equal(again.same_answer, true);
    assert.equal(again.recorded.inputs.approved.cases, numbers.indexOf(number));
  }
  const list = through => run(['supply', 'list', village, ...program.place, '--through', `${through}`]);
  assert.notEqual(list(one.approved.through), run(['supply', 'list', village]));
  assert.match(run(['replay', ...program.place]), /approved_load/);
});
