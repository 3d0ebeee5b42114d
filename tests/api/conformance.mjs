// The running server against api/openapi.yaml: its routes are the contract's, and every operation answers as it says,
// whether it is asked well, badly, or by somebody who may not.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract, differences} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program;
const sessions = {};
let known;  // a case that is there, for paths that name one

/** Asks an operation, holds the answer against the contract, and returns it. `parts` fill the path. */
async function call(id, {parts = {}, query = '', keyed = true, ...options} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts[name] ?? {number: known, action: 'accept', pack: 'ten-days', finding: '0123456789abcdef'}[name]));
  const headers = {...options.headers};
  const wantsKey = operation.parameters.some(each => each.name === 'Idempotency-Key');
  if (wantsKey && keyed && !headers['Idempotency-Key']) headers['Idempotency-Key'] = randomUUID();
  const answer = await program.ask(operation.method, path + query, {...options, headers});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} ${path}${query} answered ${answer.status} ${answer.text.slice(0, 2000)}`);
  return answer;
}

const exampleOf = id => structuredClone(Object.values(contract.operation(id).examples)[0]);
const submission = () => exampleOf('submitCase');

async function signIn(user) {
  const answer = await call('signIn', {body: {user, password}});
  assert.equal(answer.status, 200);
  return sessionOf(answer, answer.json.csrf);
}

before(async () => {
  program = await Program.start();
  for (const role of ['admin', 'clerk', 'manager', 'supervisor']) program.addAccount(`${role}.one`, role, password);
  await program.serve();
  for (const role of ['admin', 'clerk', 'manager', 'supervisor']) sessions[role] = await signIn(`${role}.one`);
  known = (await call('submitCase', {body: submission()})).json.number;
  sessions.customer = await program.phoneSession(submission().applicant.phone);
});

/** Somebody whom the operation admits, where it is not for everybody. */
const admitted = operation => sessions[['clerk', 'customer', 'supervisor', 'admin'].find(role => operation.access.includes(role))];

after(async () => assert.equal(await program.stop(), 0, program.said));

test('the server has the routes of the contract, for those whom the contract names', () => {
  assert.deepEqual(differences(contract.operations, JSON.parse(run(['routes', '--json']))), []);
});

test('every example that the contract gives is understood', async () => {
  for (const operation of contract.operations)
    for (const [name, body] of Object.entries(operation.examples)) {
      const answer = await call(operation.id, {body, session: admitted(operation)});
      // Understood is not granted: an example's password, case or moment need not be this city's.
      assert.doesNotMatch(answer.json?.code ?? '', /^(http|json)\./, `${operation.id} ${name}: ${answer.text}`);
      assert.ok(answer.status < 500, `${operation.id} ${name}: ${answer.text}`);
    }
});

test('what is not public asks who it is, and tells those who may not', async () => {
  const bodyOf = operation => (operation.hasBody ? exampleOf(operation.id) : undefined);
  for (const operation of contract.operations.filter(each => !each.access.includes('public'))) {
    const nobody = await call(operation.id, {body: bodyOf(operation)});
    assert.equal(nobody.status, 401, `${operation.id} without a session`);
    for (const role of Object.keys(sessions).filter(each => !operation.access.includes(each))) {
      const other = await call(operation.id, {body: bodyOf(operation), session: sessions[role]});
      assert.equal(other.status, 403, `${operation.id} for ${role}`);
    }
  }
});

test('a session changes nothing without its token', async () => {
  for (const operation of contract.operations.filter(each => each.method !== 'GET' && each.access.includes('clerk'))) {
    const body = operation.hasBody ? exampleOf(operation.id) : undefined;
    for (const token of ['', 'wrong'])
      assert.equal((await call(operation.id, {body, session: sessions.clerk, headers: {'X-CSRF-Token': token}})).status, 403, operation.id);
  }
});

test('a body that is none of JSON, of the type, of the size, of the shape', async () => {
  for (const operation of contract.operations.filter(each => each.hasBody)) {
    const session = admitted(operation);
    const ask = async (body, headers) => (await call(operation.id, {body, headers, session})).status;
    assert.equal(await ask('{"broken'), 400, operation.id);
    assert.equal(await ask('{}', {'Content-Type': 'text/plain'}), 415, operation.id);
    assert.equal(await ask(JSON.stringify({long: 'x'.repeat(70_000)})), 413, operation.id);
    assert.equal(await ask({...exampleOf(operation.id), not_a_member: 1}), 422, operation.id);
    assert.equal(await ask([]), 422, operation.id);
  }
});

test('a method that a path lacks is 405 and says which it has', async () => {
  for (const {path} of contract.operations) {
    const answer = await program.ask('PATCH', path.replace(/\{\w+\}/g, 'none'));
    assert.equal(answer.status, 405, path);
    const has = contract.operations.filter(each => each.path === path).map(each => each.method);
    for (const method of has) assert.ok(answer.headers.get('allow').split(', ').includes(method), path);
  }
  assert.equal((await program.ask('GET', '/api/v1/no-such-thing')).status, 404);
});

test('an application and its customer', async () => {
  assert.equal((await call('submitCase', {body: submission(), keyed: false})).status, 400);
  const key = randomUUID();
  const receipt = await call('submitCase', {body: submission(), headers: {'Idempotency-Key': key}});
  assert.equal(receipt.status, 201, receipt.text);
  const again = await call('submitCase', {body: submission(), headers: {'Idempotency-Key': key}});
  assert.equal(again.status, 201);
  assert.equal(again.json.number, receipt.json.number);
  const other = submission();
  other.facts.requested_kw += 1;
  assert.equal((await call('submitCase', {body: other, headers: {'Idempotency-Key': key}})).status, 409);

  const {number} = receipt.json;
  const {phone} = submission().applicant;
  assert.equal((await call('trackCase', {body: {number, phone: '13900000000'}})).status, 404);
  const tracked = await call('trackCase', {body: {number, phone}});
  assert.equal(tracked.status, 200, tracked.text);
  const customer = sessionOf(tracked, tracked.json.session.csrf);
  assert.match(customer.attributes, /HttpOnly/);
  assert.match(customer.attributes, /SameSite=Strict/);
  assert.equal((await call('getCase', {parts: {number}, session: customer})).status, 200);
  assert.equal((await call('getSession', {session: customer})).json.case_number, number);

  const second = await call('submitCase', {body: other});
  assert.equal((await call('getCase', {parts: {number: second.json.number}, session: customer})).status, 403);
  assert.equal((await call('actOnCase', {parts: {number, action: 'accept'}, body: {expected_sequence: 1, input: {}}, session: customer})).status, 403);
  assert.equal((await call('signOut', {session: customer})).status, 204);
  assert.equal((await call('getCase', {parts: {number}, session: customer})).status, 401);
});

test('proofs without a session', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  const proof = await call('getCaseProof', {parts: {number}});
  assert.equal(proof.status, 200, proof.text);
  assert.ok(proof.json.events.length > 0);
  assert.ok(!proof.text.includes(submission().applicant.phone), 'a proof names nobody');
  assert.equal((await call('getCaseProof', {parts: {number: 'NONE-0'}})).status, 404);
  const {size} = (await call('getJournalHead')).json;
  assert.equal((await call('getJournalConsistency', {query: `?from=1&to=${size}`})).status, 200);
  assert.equal((await call('getJournalConsistency', {query: '?from=x&to=1'})).status, 400);
  assert.ok([400, 422].includes((await call('getJournalConsistency', {query: `?from=0&to=${size + 1000}`})).status));
});

test('staff at the desk', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  for (const state of ['open', 'customer', 'late', 'done', 'all'])
    assert.equal((await call('getInbox', {query: `?state=${state}&limit=2`, session: sessions.clerk})).status, 200);
  for (const id of ['getInboxCsv', 'getInboxXlsx']) {
    const sheet = await call(id, {query: '?state=all', session: sessions.clerk});
    assert.equal(sheet.status, 200);
    assert.match(sheet.headers.get('content-disposition'), /^attachment/);
    assert.ok(!sheet.text.includes(submission().applicant.phone));
  }
  assert.equal((await call('getInbox', {query: '?state=none', session: sessions.clerk})).status, 400);
  assert.equal((await call('getInbox', {query: '?sate=open', session: sessions.clerk})).status, 400);

  const seen = (await call('getCase', {parts: {number}, session: sessions.clerk})).json.case;
  const watched = (await call('getCase', {parts: {number}, session: sessions.supervisor})).json.case;
  assert.deepEqual(watched.actions, [], 'a supervisor acts nowhere');
  const action = seen.actions.find(each => each.who === 'staff' && each.fields.every(field => !field.required));
  assert.ok(action, 'a new case offers its clerk something that needs no fields');
  const body = {expected_sequence: seen.sequence, input: {}};
  const acted = await call('actOnCase', {parts: {number, action: action.id}, body, session: sessions.clerk});
  assert.equal(acted.status, 200, acted.text);
  const late = await call('actOnCase', {parts: {number, action: action.id}, body, session: sessions.manager});
  assert.equal(late.status, 409);
  assert.equal(late.json.code, 'engine.conflict');
  const counter = {...submission(), channel: 'counter'};
  assert.equal((await call('submitCase', {body: counter})).status, 401);
  assert.equal((await call('submitCase', {body: counter, session: sessions.clerk})).status, 201);
});

test('a person has a copy of their data, a correction, and erasure once the case is over', async () => {
  const {applicant} = submission();
  const {json: {number}} = await call('submitCase', {body: submission()});
  const tracked = await call('trackCase', {body: {number, phone: applicant.phone}});
  const customer = sessionOf(tracked, tracked.json.session.csrf);
  const act = async (action, input, session, more = {}) => {
    const {sequence} = (await call('getCase', {parts: {number}, session})).json.case;
    return call('actOnCase', {parts: {number, action}, body: {expected_sequence: sequence, input}, session, ...more});
  };

  const own = await call('copyPerson', {parts: {number}, session: customer});
  assert.equal(own.json.person.name, applicant.name);
  assert.equal(own.json.whole, false);
  assert.ok(!('salt' in own.json.person));
  const whole = await call('copyPerson', {parts: {number}, session: sessions.manager});
  assert.equal(whole.json.whole, true);
  assert.ok(whole.json.readers.length > 0, 'that a manager took a copy is noted');
  assert.equal((await call('copyPerson', {parts: {number: 'NONE-0'}, session: sessions.manager})).status, 404);

  assert.equal((await act('correct_person', {name: '更正（虚构）'}, customer)).status, 403, 'a correction is checked by staff first');
  const key = {headers: {'Idempotency-Key': randomUUID()}};
  const corrected = await act('correct_person', {name: '更正（虚构）'}, sessions.clerk, key);
  assert.equal(corrected.status, 200, corrected.text);
  assert.equal(corrected.json.case.person.name, '更正（虚构）');
  assert.ok(!JSON.stringify(corrected.json.case.timeline).includes('更正（虚构）'), 'the event says which, not what');
  const repeated = await act('correct_person', {name: '更正（虚构）'}, sessions.clerk, key);
  assert.equal(repeated.status, 200, 'the same key is the same correction');
  assert.equal((await act('correct_person', {}, sessions.clerk)).json.code, 'connection.required');
  assert.equal((await act('correct_person', {phone: '1'}, sessions.clerk)).json.path, '/input/phone');
  assert.equal((await act('correct_person', {nickname: '小'}, sessions.clerk)).json.code, 'json.unknown_key');

  const early = await act('erase_person', {ground: 'consent_withdrawn'}, customer);
  assert.equal(early.json.code, 'connection.person_needed');
  assert.deepEqual(early.json.clauses, ['个人信息保护法·第四十七条']);
  assert.equal((await act('withdraw', {reason: 'other'}, customer)).status, 200);
  assert.equal((await act('erase_person', {ground: 'consent_withdrawn'}, sessions.clerk)).status, 403, 'a clerk does not erase');
  assert.equal((await act('erase_person', {ground: 'consent_withdrawn', requested_by: 'controller'}, customer)).status, 422);
  assert.equal((await act('erase_person', {ground: 'none'}, customer)).json.path, '/input/ground');
  const erased = await act('erase_person', {ground: 'consent_withdrawn'}, customer);
  assert.equal(erased.status, 200, erased.text);
  assert.ok(erased.json.case.person.erased_at);
  assert.equal(erased.json.case.person.name, '');
  assert.deepEqual(erased.json.case.actions, []);
  assert.equal((await act('erase_person', {ground: 'consent_withdrawn'}, sessions.manager)).json.code, 'connection.person_erased');
  assert.equal((await act('correct_person', {name: '又来'}, sessions.clerk)).json.code, 'connection.person_erased');

  const left = await call('copyPerson', {parts: {number}, session: sessions.manager});
  assert.equal(left.json.person, null);
  for (const text of [left.text, (await call('getCase', {parts: {number}, session: sessions.clerk})).text, (await call('getCaseProof', {parts: {number}})).text])
    for (const gone of [applicant.name, applicant.phone, '更正（虚构）']) assert.ok(!text.includes(gone), gone);
  const row = (await call('getInbox', {query: `?state=all&q=${number}`, session: sessions.clerk})).json.rows[0];
  assert.deepEqual([row.customer_name_masked, row.person_erased], ['', true]);
  assert.equal((await call('trackCase', {body: {number, phone: applicant.phone}})).status, 404, 'nothing finds the case by its phone any more');
});

test('a request beyond the list is refused with its clause, and is itself an event', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  const {sequence} = (await call('getCase', {parts: {number}, session: sessions.clerk})).json.case;
  const key = randomUUID();
  const ask = () => call('actOnCase', {parts: {number, action: 'ask_documents'}, session: sessions.clerk, headers: {'Idempotency-Key': key},
    body: {expected_sequence: sequence, input: {documents: ['completion_report_with_drawings']}}});
  const refused = await ask();
  assert.equal(refused.status, 422, refused.text);
  assert.equal(refused.json.code, 'connection.document_not_on_list');
  assert.ok(refused.json.clauses.includes('三(二)1'));
  assert.ok([409, 422].includes((await ask()).status));  // sent again: written down once
  const {timeline} = (await call('getCase', {parts: {number}, session: sessions.clerk})).json.case;
  assert.equal(timeline.filter(each => each.type === 'case.request_refused').length, 1);
  const found = (await call('getFindings', {query: '?kind=document_beyond_list', session: sessions.supervisor})).json;
  const finding = found.rows.find(each => each.number === number);
  assert.equal(finding.strength, 'weak');
  assert.ok(finding.innocent.zh && finding.innocent.en);

  const judge = (verdict, note) => call('judgeFinding', {parts: {finding: finding.id}, body: {verdict, note}, session: sessions.supervisor});
  assert.equal((await judge('confirmed', 'call 13800000000')).status, 400, 'no personal data in a note');
  assert.equal((await judge('open', 'undecided')).status, 422);
  assert.equal((await judge('confirmed', 'asked twice at the counter')).status, 200);
  assert.equal((await judge('confirmed', 'the same again')).status, 422);
  assert.equal((await judge('dismissed', 'a slip, says the clerk')).status, 200);
  const after = (await call('getFindings', {query: '?verdict=dismissed', session: sessions.admin})).json.rows.find(each => each.id === finding.id);
  assert.equal(after.note, 'a slip, says the clerk');
  assert.equal((await call('judgeFinding', {body: {verdict: 'dismissed', note: 'none such'}, session: sessions.supervisor})).status, 404);
  const {appraisal} = (await call('getReports', {session: sessions.supervisor})).json;
  assert.ok(appraisal.some(each => each.dismissed > 0));
});

test('what a day of one\'s choice would make of the dates', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  const today = (await call('getCity')).json.now.slice(0, 10);
  const far = new Date(Date.parse(today) + 20 * 86400000).toISOString().slice(0, 10);
  const ask = query => call('getForecast', {parts: {number}, query, session: sessions.clerk});
  const plain = (await ask('')).json;
  assert.equal(plain.then, null);
  assert.equal(plain.promise, null, 'a city without history promises nothing');
  const then = (await ask(`?on=${far}`)).json;
  assert.ok(then.then.due_on === null || then.then.due_on >= plain.now.due_on);
  assert.equal((await ask('?on=2001-01-01')).status, 400);
  assert.equal((await ask('?on=soon')).status, 400);
});

test('a role of the team goes only to somebody who can sign in', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  const assign = async account => call('actOnCase', {parts: {number, action: 'assign'}, session: sessions.manager, body: {
    expected_sequence: (await call('getCase', {parts: {number}, session: sessions.clerk})).json.case.sequence,
    input: {role: 'customer_manager', reason: 'assigned', account}}});
  const nobody = await assign('nobody');
  assert.equal(nobody.status, 400, nobody.text);
  assert.equal(nobody.json.code, 'connection.unknown_account');
});

test('another pack over the past', async () => {
  const {packs} = (await call('getPacks', {session: sessions.supervisor})).json;
  assert.ok(packs.some(each => each.id === 'ten-days'));
  const answer = await call('getWhatIf', {parts: {pack: 'ten-days'}, session: sessions.supervisor});
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.json.differences.some(each => each.id === '10kv_single_plan_reply_wd'));
  assert.equal((await call('getWhatIf', {parts: {pack: '..'}, session: sessions.supervisor})).status, 404);
});

test('a customer by phone: their cases, an agent, and a grant taken back', async () => {
  const {json: {number}} = await call('submitCase', {body: submission()});
  const owner = await program.phoneSession(submission().applicant.phone);
  assert.ok((await call('getMyCases', {session: owner})).json.cases.some(each => each.row.number === number && each.grant === null));
  const body = {...exampleOf('giveGrant'), agent_phone: '13900000005'};
  const key = randomUUID();
  const given = await call('giveGrant', {body, session: owner, headers: {'Idempotency-Key': key}});
  assert.equal(given.status, 201, given.text);
  assert.equal((await call('giveGrant', {body, session: owner, headers: {'Idempotency-Key': key}})).json.id, given.json.id);
  const agent = await program.phoneSession('13900000005');
  assert.ok((await call('getMyCases', {session: agent})).json.cases.some(each => each.row.number === number && each.grant === given.json.id));
  assert.equal((await call('getGrants', {session: agent})).json.grants.filter(each => each.given).length, 0);
  assert.equal((await call('getCase', {parts: {number}, session: agent})).status, 200);
  const acted = await call('actOnCase', {parts: {number, action: 'withdraw'}, body: {expected_sequence: 1, input: {reason: 'not_needed'}}, session: agent});
  assert.equal(acted.status, 200, acted.text);
  const step = acted.json.case.timeline.at(-1);
  assert.equal(step.actor.kind, 'agent');
  assert.match(step.actor.name, /代办员甲（代 .+）/, 'a step names who acted, and for whom');
  assert.equal((await call('revokeGrant', {parts: {id: given.json.id}, session: owner})).status, 204);
  assert.equal((await call('revokeGrant', {parts: {id: given.json.id}, session: owner})).status, 404);
  assert.equal((await call('getCase', {parts: {number}, session: agent})).status, 404);
  assert.equal((await call('getMyCases', {session: agent})).json.cases.length, 0);
});

test('a receipt has its code', async () => {
  assert.equal((await call('getCaseQr', {parts: {number: known}})).status, 200);
  assert.equal((await call('getCaseQr', {parts: {number: 'a b'}})).status, 404);
});

test('a city without a network says so, once the question is understood', async () => {
  for (const query of ['', '?longitude=121.4&latitude=37.5']) {
    const answer = await call('getOpenCapacity', {query});
    assert.equal(answer.status, 422);
    assert.equal(answer.json.code, 'supply.no_network');
  }
  assert.equal((await call('draftSupplyPlan', {body: exampleOf('draftSupplyPlan'), session: sessions.manager})).json.code, 'supply.no_network');
  assert.equal((await call('draftSupplyPlan', {body: {...exampleOf('draftSupplyPlan'), kw: 0}, session: sessions.manager})).json.path, '/kw');
  assert.equal((await call('getFeeder', {parts: {feeder: 'S01-F01-CB'}, session: sessions.clerk})).json.code, 'supply.no_network');
});

test('names of agents and of whom they act for: whole for who handles the case, masked for others, gone with the person', async () => {
  const one = submission();
  one.applicant = {name: '赵六', phone: '13600000006'};
  const {json: {number}} = await call('submitCase', {body: one});
  const owner = await program.phoneSession('13600000006');
  assert.equal((await call('giveGrant', {body: {...exampleOf('giveGrant'), agent_phone: '13900000003'}, session: owner})).status, 201);
  const agent = await program.phoneSession('13900000003');
  const act = async (session, action, input) => {
    const {sequence} = (await call('getCase', {parts: {number}, session: sessions.clerk})).json.case;
    return call('actOnCase', {parts: {number, action}, body: {expected_sequence: sequence, input}, session});
  };
  assert.equal((await act(agent, 'withdraw', {reason: 'not_needed'})).status, 200);
  const named = async session => (await call('getCase', {parts: {number}, session})).json.case.timeline.find(each => each.actor.kind === 'agent').actor.name;
  assert.equal(await named(sessions.clerk), '代办员甲（代 赵六）');
  assert.equal(await named(sessions.supervisor), '代****（代 赵****）');
  assert.equal((await act(agent, 'erase_person', {ground: 'consent_withdrawn'})).json.code, 'identity.forbidden');
  assert.equal((await act(owner, 'erase_person', {ground: 'consent_withdrawn'})).status, 200);
  // Within a second, as the list of the erased; this waits for it, however busy the machine is.
  for (let i = 0; i < 200 && (await named(sessions.clerk)).includes('赵'); ++i) await new Promise(done => setTimeout(done, 50));
  assert.match(await named(sessions.clerk), /^g[0-9a-f]{16}$/);
});

test('another system’s log: pieces, progress, report, and gone', async () => {
  const text = '工单号,环节,时间\n1,受理,2021-06-01 08:00:00\n1,送电,2021-06-03 08:00:00\n';
  const bytes = Buffer.from(text);
  const session = sessions.supervisor;
  const {json: {id}} = await call('openLog', {body: {name: '报装.csv', size: bytes.length}, session});
  const add = (offset, piece) => call('addLogBytes', {parts: {log: id}, query: `?offset=${offset}`, body: piece, session, headers: {'Content-Type': 'application/octet-stream'}});
  assert.equal((await add(99, 'x')).json.code, 'logs.gap');
  assert.equal((await call('getLogReport', {parts: {log: id}, session})).json.code, 'logs.not_ready');
  assert.equal((await add(0, text)).status, 200);
  let state;
  do state = (await call('getLog', {parts: {log: id}, session})).json;
  while (!['done', 'failed'].includes(state.stage));
  assert.equal(state.found.events, 2);
  assert.match((await call('getLogReport', {parts: {log: id}, session})).text, /报装\.csv/);
  assert.equal((await call('getLogFigures', {parts: {log: id}, session})).json.cases, 1);
  assert.equal((await call('getLog', {parts: {log: id}, session: sessions.admin})).status, 404);
  assert.equal((await call('getLogs', {session})).json.logs.length, 2);  // and the one of the contract's example
  assert.equal((await call('removeLog', {parts: {log: id}, session})).status, 204);
  assert.equal((await call('getLog', {parts: {log: id}, session})).status, 404);
});

test('who guesses is slowed down', async () => {
  const statuses = new Set();
  for (let i = 0; i < 30 && !statuses.has(429); ++i) statuses.add((await call('signIn', {body: {user: 'clerk.one', password: `guess ${i}`}})).status);
  assert.deepEqual([...statuses], [401, 429]);
});
