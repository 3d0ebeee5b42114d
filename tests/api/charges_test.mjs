// Charges of a case (三(三)3, #39) on a running server: listed with what became of each, noted by one and confirmed by another, and for the
// customer to see.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program, number;
const people = {};

async function call(id, who, {parts = {}, body, key = randomUUID()} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => ({number, ...parts})[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': key} : {};
  const answer = await program.ask(operation.method, path, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const look = async who => (await call('getCase', who)).json.case;
async function act(who, action, input, {key} = {}) {
  const {sequence} = await look('clerk');
  const {json} = await call('actOnCase', who, {parts: {action}, body: {expected_sequence: sequence, input}, key});
  return json.code ?? json.case.charges.map(each => each.state).join(' ');
}

before(async () => {
  program = await Program.start();
  for (const [user, role] of [['clerk', 'clerk'], ['first', 'manager'], ['second', 'manager'], ['supervisor', 'supervisor']]) program.addAccount(user, role, password);
  await program.serve();
  for (const user of ['clerk', 'first', 'second', 'supervisor']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  const example = structuredClone(contract.operation('submitCase').examples.example);
  example.applicant.phone = '13800000001';
  number = (await call('submitCase', 'nobody', {body: example})).json.number;
  const answer = await program.ask('POST', '/api/v1/track', {body: {number, phone: '13800000001'}});
  people.customer = sessionOf(answer, answer.json.session.csrf);
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('noted, confirmed by another, dropped with a reason: who may do which', async () => {
  assert.deepEqual((await look('clerk')).charges, []);
  const rows = [
    ['customer', 'record_charge', {item: 'METER', fen: 8000}, 'identity.forbidden'],
    ['supervisor', 'record_charge', {item: 'METER', fen: 8000}, 'identity.forbidden'],
    ['first', 'confirm_charge', {charge: '1'}, 'connection.not_now'],
    ['first', 'record_charge', {item: 'METER', fen: 8000}, 'noted'],
    ['clerk', 'record_charge', {item: 'CABLE', fen: 123456}, 'noted noted'],
    ['first', 'confirm_charge', {charge: '1'}, 'connection.four_eyes'],
    ['clerk', 'confirm_charge', {charge: '1'}, 'identity.forbidden'],
    ['second', 'confirm_charge', {charge: '3'}, 'connection.unknown_kind'],
    ['second', 'confirm_charge', {charge: '1'}, 'confirmed noted'],
    ['second', 'confirm_charge', {charge: '1'}, 'connection.unknown_kind'],
    ['first', 'drop_charge', {charge: '1', reason: '登记错了'}, 'connection.unknown_kind'],
    ['clerk', 'drop_charge', {charge: '2', reason: ' '}, 'connection.required'],
    ['clerk', 'drop_charge', {charge: '2', reason: '登记错了'}, 'confirmed dropped'],
    ['first', 'confirm_charge', {charge: '2'}, 'connection.not_now'],
  ];
  for (const [who, action, input, expected] of rows) assert.equal(await act(who, action, input), expected, `${who} ${action} ${JSON.stringify(input)}`);
});

test('listed with who did what, for staff and for the customer; the actions are staff\'s', async () => {
  const {charges} = await look('supervisor');
  assert.deepEqual(charges.map(({noted_at, settled_at, account, ...rest}) => rest), [
    {id: '1', item: 'METER', in_catalogue: false, fen: 8000, state: 'confirmed', account_name: 'first', settled_name: 'second', reason: ''},
    {id: '2', item: 'CABLE', in_catalogue: false, fen: 123456, state: 'dropped', account_name: 'clerk', settled_name: 'clerk', reason: '登记错了'},
  ]);
  const own = async who => (await call('getSession', who)).json.user;
  assert.deepEqual(charges.map(each => each.account), [await own('first'), await own('clerk')]);
  for (const each of charges) assert.ok(each.settled_at >= each.noted_at);
  const seen = await look('customer');
  assert.deepEqual(seen.charges, charges);
  assert.ok(!seen.actions.some(each => each.id.endsWith('_charge')));
});

test('the same key is the same charge', async () => {
  const key = randomUUID();
  const {sequence} = await look('clerk');
  const note = () => call('actOnCase', 'clerk', {parts: {action: 'record_charge'}, body: {expected_sequence: sequence, input: {item: 'METER', fen: 1}}, key});
  assert.equal((await note()).status, 200);
  assert.equal((await note()).status, 200);
  assert.equal((await look('clerk')).charges.length, 3);
});
