// A complaint on a running server: said by the customer, answered by somebody who had no hand in the case, settled or not; its words go with the person.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const phone = '13800000001';
let program, number, complaint;
const people = {};

async function call(id, who, {parts = {}, body, key = randomUUID()} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? {number, complaint}[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': key} : {};
  const answer = await program.ask(operation.method, path, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const code = answer => answer.json?.code ?? answer.status;
const act = async (who, action, input) => {
  const {sequence} = (await call('getCase', who)).json.case;
  const answer = await call('actOnCase', who, {parts: {action}, body: {expected_sequence: sequence, input}});
  assert.equal(answer.status, 200, answer.text);
};
const waiting = async who => (await call('getRequests', who)).json.requests.filter(each => each.kind === 'complaint');
const text = '说好三天，王某 13912345678 说还要等两个星期';

before(async () => {
  program = await Program.start();
  for (const [user, role, ...more] of [['clerk', 'clerk'], ['handler', 'manager'], ['manager', 'manager'], ['supervisor', 'supervisor'], ['elsewhere', 'manager', '--area', '370699'], ['admin', 'admin']])
    program.addAccount(user, role, password, more);
  await program.serve();
  for (const user of ['clerk', 'handler', 'manager', 'supervisor', 'elsewhere', 'admin']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  const example = structuredClone(contract.operation('submitCase').examples.example);
  const apply = async by => {
    Object.assign(example.applicant, {phone: by});
    const made = (await call('submitCase', 'nobody', {body: example})).json.number;
    const answer = await program.ask('POST', '/api/v1/track', {body: {number: made, phone: by}});
    return [made, sessionOf(answer, answer.json.session.csrf)];
  };
  [, people.other] = await apply('13800000002');
  [number, people.customer] = await apply(phone);
  await act('handler', 'assign', {role: 'customer_manager', account: 'handler', reason: 'assigned'});
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('said with its words, which the journal does not have; due in the pack\'s working days', async () => {
  const {about, answer_within_wd, requests} = (await call('getComplaints', 'customer')).json;
  assert.ok(about.length > 3 && answer_within_wd === 5 && !requests.length);
  const rows = [
    [{about: 'favourite_colour', text}, 'json.unknown_value'], [{about: 'slow', text: ' '}, 'connection.required'], [{about: 'slow', text: '慢'.repeat(2001)}, 'connection.too_long'],
  ];
  for (const [body, expected] of rows) assert.equal(code(await call('complain', 'customer', {body})), expected);
  assert.equal((await call('complain', 'other', {body: {about: 'slow', text}})).status, 403);
  assert.equal((await call('complain', 'supervisor', {body: {about: 'slow', text}})).status, 403);
  const key = randomUUID();
  const said = await call('complain', 'customer', {key, body: {about: 'slow', text}});
  assert.equal(said.status, 201, said.text);
  complaint = said.json.id;
  assert.deepEqual([said.json.complaint.text, said.json.complaint.overdue, said.json.complaint.settled], [text, false, null]);
  assert.match(said.json.complaint.due_on, /^\d{4}-\d\d-\d\d$/);
  assert.equal((await call('complain', 'customer', {key, body: {about: 'slow', text}})).json.id, complaint, 'the same key, the same complaint');
  assert.equal(code(await call('complain', 'customer', {body: {about: 'slow', text: 'again'}})), 'requests.waiting');
  const journal = run(['journal', 'export', ...program.place]);
  assert.ok(journal.includes(complaint) && !journal.includes('13912345678') && !journal.includes('两个星期'));
});

test('seen where it may be answered, and by nobody else; the person sees who looked', async () => {
  assert.deepEqual((await waiting('elsewhere')).length, 0);
  assert.deepEqual((await waiting('admin')).length, 0);
  assert.equal((await call('getComplaints', 'other')).status, 403);
  const [seen] = await waiting('manager');
  assert.deepEqual([seen.id, seen.complaint.text, seen.may_answer], [complaint, text, true]);
  assert.equal((await waiting('handler'))[0].may_answer, false);
  for (let i = 0; i < 200; ++i) {
    const {json} = await call('copyPerson', 'customer');
    if (json.readers.some(each => each.name === 'manager')) return assert.deepEqual(json.complaints, [{text}]);
    await new Promise(done => setTimeout(done, 50));
  }
  assert.fail('nobody noted who read it');
});

test('answered by one who had no hand in the case, then settled once', async () => {
  const answer = (who, body) => call('answerRequest', who, {parts: {id: complaint}, body});
  assert.equal(code(await call('settleComplaint', 'customer', {body: {satisfied: true}})), 'requests.not_answered');
  assert.equal(code(await answer('handler', {outcome: 'declined', words: '不属实'})), 'requests.involved');
  assert.equal((await answer('clerk', {outcome: 'granted', words: 'x'})).status, 403);
  assert.equal((await answer('elsewhere', {outcome: 'granted', words: 'x'})).status, 404);
  assert.equal(code(await answer('supervisor', {outcome: 'granted', words: ''})), 'requests.words');
  assert.equal((await answer('supervisor', {outcome: 'granted', words: '属实，已安排明天上门。'})).json.state, 'granted');
  const [told] = (await call('getComplaints', 'customer')).json.requests;
  assert.deepEqual([told.words, told.state, told.answered_by.name], ['属实，已安排明天上门。', 'granted', 'supervisor']);
  assert.equal((await call('settleComplaint', 'other', {body: {satisfied: true}})).status, 403);
  assert.equal((await call('settleComplaint', 'customer', {parts: {complaint: 'R0'}, body: {satisfied: true}})).status, 404);
  // It settled nothing: a second answer is due, by somebody else.
  const again = (await call('settleComplaint', 'customer', {body: {satisfied: false}})).json;
  assert.deepEqual([again.state, again.words, again.complaint.settled, again.complaint.alarm], ['open', '', null, null]);
  assert.deepEqual([again.complaint.earlier.words, again.complaint.earlier.state, again.complaint.earlier.answered_by.name], ['属实，已安排明天上门。', 'granted', 'supervisor']);
  assert.equal(code(await call('settleComplaint', 'customer', {body: {satisfied: true}})), 'requests.not_answered');
  const mayAnswer = async who => (await waiting(who)).find(each => each.id === complaint).may_answer;
  assert.deepEqual([await mayAnswer('supervisor'), await mayAnswer('manager')], [false, true]);
  assert.equal(code(await answer('supervisor', {outcome: 'granted', words: '已经上门。'})), 'requests.involved');
  assert.equal((await answer('manager', {outcome: 'granted', words: '今天已经上门，办好了。'})).json.words, '今天已经上门，办好了。');
  assert.equal((await call('settleComplaint', 'customer', {body: {satisfied: false}})).json.complaint.settled, false);
  assert.equal(code(await call('settleComplaint', 'customer', {body: {satisfied: true}})), 'requests.not_answered', 'twice is all');
  assert.equal((await call('getReviews', 'customer')).json.requests.length, 0, 'a complaint is no review');
});

test('of what is about no case a customer complains by phone; those who work there see it and answer, the other customer does not', async () => {
  const {area} = structuredClone(contract.operation('submitCase').examples.example).site;
  const {enterprise} = contract.operation('submitCase').examples.example;
  for (const [who, by] of [['byPhone', phone], ['otherByPhone', '13800000002']]) people[who] = await program.phoneSession(by);
  const body = {about: 'manner', text: '营业厅三点就不接待，13912345678 可以作证', area, enterprise};
  for (const [wrong, expected] of [[{...body, about: 'favourite_colour'}, 'json.unknown_value'], [{...body, area: '999999'}, 'json.unknown_value'], [{...body, enterprise: 'nobody'}, 'json.unknown_value'], [{...body, text: ' '}, 'connection.required']])
    assert.equal(code(await call('complainInGeneral', 'byPhone', {body: wrong})), expected);
  assert.equal((await call('complainInGeneral', 'customer', {body})).status, 403, 'a session of one case is about that case');
  const key = randomUUID();
  const said = await call('complainInGeneral', 'byPhone', {key, body});
  assert.deepEqual([said.status, said.json.subject, said.json.complaint.text, said.json.complaint.area_name.zh], [201, '', body.text, '芝罘区']);
  const {id} = said.json;
  assert.equal((await call('complainInGeneral', 'byPhone', {key, body})).json.id, id, 'the same key, the same complaint');
  assert.equal(code(await call('complainInGeneral', 'byPhone', {body: {...body, text: 'again'}})), 'requests.waiting');
  assert.ok(!run(['journal', 'export', ...program.place]).includes('13912345678'));

  const mine = async who => (await call('getMyComplaints', who)).json.requests.map(each => each.id);
  assert.deepEqual([await mine('byPhone'), await mine('otherByPhone')], [[id], []]);
  assert.ok(!(await call('getComplaints', 'customer')).json.requests.some(each => each.id === id), 'it is about no case');
  const seen = async who => (await waiting(who)).filter(each => each.id === id).map(each => each.may_answer);
  assert.deepEqual([await seen('manager'), await seen('supervisor'), await seen('elsewhere'), await seen('admin')], [[true], [true], [], []]);

  const settle = who => call('settleMyComplaint', who, {parts: {complaint: id}, body: {satisfied: false}});
  assert.equal(code(await settle('byPhone')), 'requests.not_answered');
  assert.equal((await call('answerRequest', 'elsewhere', {parts: {id}, body: {outcome: 'granted', words: 'x'}})).status, 404);
  assert.equal((await call('answerRequest', 'manager', {parts: {id}, body: {outcome: 'granted', words: '属实，已改正。'}})).json.state, 'granted');
  assert.equal((await settle('otherByPhone')).status, 404);
  assert.equal((await call('settleMyComplaint', 'byPhone', {parts: {complaint}, body: {satisfied: true}})).status, 404, 'one of a case is settled on its page');
  assert.equal((await settle('byPhone')).json.complaint.earlier.words, '属实，已改正。');
  assert.equal(code(await settle('byPhone')), 'requests.not_answered');
  assert.equal((await call('answerRequest', 'supervisor', {parts: {id}, body: {outcome: 'granted', words: '下周起中午不休息。'}})).json.state, 'granted');
  assert.equal((await settle('byPhone')).json.complaint.settled, false);
  const {json} = await call('copyPerson', 'customer');
  assert.deepEqual(json.complaints.map(each => each.text), [text, body.text], 'the person has a copy of both');
});

test('an agent without a case of their own is told where to complain', async () => {
  const agent = '13700000077';
  assert.equal((await call('giveGrant', 'byPhone', {body: {...contract.operation('giveGrant').examples.example, agent_phone: agent, case_number: number}})).status, 201);
  people.agent = await program.phoneSession(agent);
  const {area} = contract.operation('submitCase').examples.example.site;
  const {enterprise} = contract.operation('submitCase').examples.example;
  assert.equal(code(await call('complainInGeneral', 'agent', {body: {about: 'manner', text: 'x', area, enterprise}})), 'requests.no_case');
});

test('a clerk writes one down for who telephones, and does not answer it; erased with the person', async () => {
  const said = await call('complain', 'clerk', {body: {about: 'manner', text: '电话里说的'}});
  assert.equal(said.status, 201, said.text);
  assert.equal(said.json.asked_by.name, 'clerk');
  await act('handler', 'withdraw', {reason: 'other'});
  await act('handler', 'erase_person', {ground: 'consent_withdrawn', requested_by: 'person'});
  const {requests} = (await call('getComplaints', 'manager')).json;
  assert.deepEqual(requests.map(each => each.complaint.text), [null, null]);
  assert.deepEqual((await call('getMyComplaints', 'byPhone')).json.requests, [], 'what was about no case went with them');
  assert.match(run(['replay', ...program.place]), /./);
});
