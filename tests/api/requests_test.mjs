// What one asks and another answers, on a running server: changes of accounts under four eyes, and human reviews.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const submission = () => structuredClone(contract.operation('submitCase').examples.example);
let program;
const people = {};

async function call(id, who, {parts = {}, body} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': randomUUID()} : {};
  const answer = await program.ask(operation.method, path, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text}`);
  return answer;
}
async function signIn(user, secret = password) {
  const answer = await program.ask('POST', '/api/v1/session', {body: {user, password: secret}});
  return answer.status === 200 ? sessionOf(answer, answer.json.csrf) : answer;
}
const codeOf = answer => answer.json?.code ?? answer.status;
/** Granted changes are carried out within a second; this waits for them, however busy the machine is. */
async function until(what) {
  for (let i = 0; i < 200; ++i) {
    if (await what()) return;
    await new Promise(done => setTimeout(done, 50));
  }
  assert.fail('it was never carried out');
}
const accounts = async () => Object.fromEntries((await call('getAccounts', 'wang')).json.accounts.map(each => [each.user, each]));

before(async () => {
  program = await Program.start();
  const {area} = submission().site;
  for (const [user, role, ...more] of [['wang', 'admin'], ['li', 'admin'], ['local', 'admin', '--area', area], ['clerk', 'clerk'], ['manager', 'manager'], ['elsewhere', 'manager', '--area', '370699'], ['here', 'manager', '--area', area]])
    program.addAccount(user.padEnd(3, '1'), role, password, more);
  await program.serve();
  for (const user of ['wang', 'li1', 'local', 'clerk', 'manager', 'elsewhere', 'here']) people[user.replace('1', '')] = await signIn(user);
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('a new account: asked for by one administrator, granted by another, who gets its first code', async () => {
  const body = {user: 'zhou.jie', name: '周洁', roles: ['clerk'], areas: [submission().site.area], enterprises: []};
  const asked = await call('makeAccount', 'wang', {body});
  assert.equal(asked.status, 201, asked.text);
  const {id} = asked.json;
  assert.equal((await accounts())['zhou.jie'].disabled, true);
  assert.deepEqual((await accounts())['zhou.jie'].roles, []);
  assert.equal(codeOf(await call('answerRequest', 'wang', {parts: {id}, body: {outcome: 'granted', words: ''}})), 'requests.own');
  assert.equal((await call('answerRequest', 'clerk', {parts: {id}, body: {outcome: 'granted', words: ''}})).status, 403);
  assert.equal((await call('answerRequest', 'manager', {parts: {id}, body: {outcome: 'granted', words: ''}})).status, 404);
  const granted = await call('answerRequest', 'li', {parts: {id}, body: {outcome: 'granted', words: ''}});
  assert.equal(granted.json.state, 'granted');
  assert.match(granted.json.code, /^[A-Z2-9]{16}$/);
  await until(async () => !(await accounts())['zhou.jie'].disabled);
  const reset = await program.ask('POST', '/api/v1/password-reset', {body: {user: 'zhou.jie', code: granted.json.code, password: 'a phrase of tomorrow'}});
  assert.equal(reset.status, 204, reset.text);
  assert.ok((await signIn('zhou.jie', 'a phrase of tomorrow')).cookie);
  assert.equal(codeOf(await call('answerRequest', 'li', {parts: {id}, body: {outcome: 'declined', words: 'no'}})), 'requests.answered');
});

test('rights change when another grants it, and the old session ends; to disable needs nobody else', async () => {
  const clerk = (await accounts()).clerk.id;
  const before = people.clerk;
  const asked = await call('askChange', 'wang', {parts: {id: clerk}, body: {kind: 'authority', roles: ['clerk', 'supervisor'], areas: [], enterprises: []}});
  assert.equal(asked.json.state, 'open');
  assert.deepEqual((await accounts()).clerk.roles, ['clerk'], 'asked is not granted');
  await call('answerRequest', 'li', {parts: {id: asked.json.id}, body: {outcome: 'granted', words: ''}});
  await until(async () => (await accounts()).clerk.roles.length === 2);
  assert.equal((await program.ask('GET', '/api/v1/account', {session: before})).status, 401);
  const disabled = await call('askChange', 'wang', {parts: {id: clerk}, body: {kind: 'disable'}});
  assert.equal(disabled.json.state, 'granted');
  await until(async () => (await accounts()).clerk.disabled);
  const enable = await call('askChange', 'wang', {parts: {id: clerk}, body: {kind: 'enable'}});
  assert.equal(enable.json.state, 'open');
  await call('answerRequest', 'li', {parts: {id: enable.json.id}, body: {outcome: 'declined', words: '已调岗'}});
  assert.equal((await accounts()).clerk.disabled, true);
  await call('answerRequest', 'li', {parts: {id: (await call('askChange', 'wang', {parts: {id: clerk}, body: {kind: 'enable'}})).json.id}, body: {outcome: 'granted'}});
  await until(async () => !(await accounts()).clerk.disabled);
  people.clerk = await signIn('clerk');
});

test('nobody answers what is about themselves, and nobody gives what they do not have', async () => {
  const all = await accounts();
  const own = await call('askChange', 'wang', {parts: {id: all.li1.id}, body: {kind: 'authority', roles: ['admin', 'manager'], areas: [], enterprises: []}});
  assert.equal(codeOf(await call('answerRequest', 'li', {parts: {id: own.json.id}, body: {outcome: 'granted', words: ''}})), 'requests.own');
  assert.equal((await call('withdrawRequest', 'wang', {parts: {id: own.json.id}})).json.state, 'withdrawn');
  const seen = (await call('getAccounts', 'local')).json.accounts.map(each => each.user);
  assert.ok(!seen.includes('wang') && seen.includes('zhou.jie'), `${seen}`);
  const wider = {user: 'too.wide', roles: ['clerk'], areas: [], enterprises: []};
  assert.equal((await call('makeAccount', 'local', {body: wider})).status, 403);
  assert.equal((await call('makeAccount', 'local', {body: {...wider, areas: ['370699']}})).status, 400);
  assert.equal((await call('askChange', 'local', {parts: {id: all.wang.id}, body: {kind: 'disable'}})).status, 404);
});

test('to grant is to give: an administrator of one area grants nothing beyond it', async () => {
  const local = (await accounts())['zhou.jie'];
  assert.deepEqual(local.areas, [submission().site.area]);
  const wider = await call('askChange', 'wang', {parts: {id: local.id}, body: {kind: 'authority', roles: ['clerk'], areas: [], enterprises: []}});
  assert.equal((await call('answerRequest', 'local', {parts: {id: wider.json.id}, body: {outcome: 'granted', words: ''}})).status, 404);
  assert.ok(!(await call('getRequests', 'local')).json.requests.some(each => each.id === wider.json.id));
  await call('withdrawRequest', 'wang', {parts: {id: wider.json.id}});
  const within = await call('askChange', 'wang', {parts: {id: local.id}, body: {kind: 'authority', roles: ['clerk', 'manager'], areas: local.areas, enterprises: []}});
  assert.equal((await call('answerRequest', 'local', {parts: {id: within.json.id}, body: {outcome: 'granted', words: ''}})).json.state, 'granted');
});

test('an account that somebody disabled is not let in by further rights', async () => {
  const made = await call('makeAccount', 'wang', {body: {user: 'wu.ling', name: '吴玲', roles: ['clerk'], areas: [], enterprises: []}});
  await call('answerRequest', 'li', {parts: {id: made.json.id}, body: {outcome: 'granted', words: ''}});
  await until(async () => !(await accounts())['wu.ling'].disabled);
  const {id} = (await accounts())['wu.ling'];
  await call('askChange', 'wang', {parts: {id}, body: {kind: 'disable'}});
  await until(async () => (await accounts())['wu.ling'].disabled);
  const more = await call('askChange', 'wang', {parts: {id}, body: {kind: 'authority', roles: ['clerk', 'manager'], areas: [], enterprises: []}});
  await call('answerRequest', 'li', {parts: {id: more.json.id}, body: {outcome: 'granted', words: ''}});
  await until(async () => (await accounts())['wu.ling'].roles.length === 2);
  assert.equal((await accounts())['wu.ling'].disabled, true);
});

test('a calendar moves dates: one administrator proposes it, another confirms it, and open cases are counted anew', async () => {
  const calendars = async (who = 'clerk') => (await call('getCalendars', who)).json;
  const propose = (who, name, rows, area = '') => call('proposeCalendar', who, {body: {name, area, rows: `date,name,kind\n${rows}\n`}});
  const answer = (who, id, outcome = 'granted', words = '') => call('answerRequest', who, {parts: {id}, body: {outcome, words}});
  const {area} = submission().site;
  for (const [situation, who, body, status, code] of [
    ['a clerk', 'clerk', ['2027.csv', '2027-01-01,元旦,off'], 403, 'identity.forbidden'],
    ['an administrator of one area, for the city', 'local', ['2027.csv', '2027-01-01,元旦,off'], 422, 'calendar.beyond_reach'],
    ['a path for a name', 'wang', ['../x.csv', '2027-01-01,元旦,off'], 400, 'calendar.bad_name'],
    ['a row that is none', 'wang', ['2027.csv', '2027-01-01,元旦,maybe'], 400, 'calendar.bad_row'],
    ['a year that leaves a gap', 'wang', ['2029.csv', '2029-01-01,元旦,off'], 400, 'calendar.gap'],
    ['a district that is not there', 'wang', ['2027.csv', '2027-01-01,元旦,off', '999999'], 400, 'connection.unknown_area'],
  ]) {
    const refused = await propose(who, ...body);
    assert.deepEqual([refused.status, codeOf(refused)], [status, code], situation);
  }
  const before = await calendars();
  const year = Number(before.last_day.slice(0, 4)) + 1;
  const further = await propose('wang', `${year}.csv`, `${year}-01-01,元旦,off`);
  assert.equal(further.status, 201, further.text);
  assert.deepEqual([further.json.content.last_day, further.json.content.turned_days], [`${year}-12-31`, 0]);
  assert.equal(codeOf(await answer('wang', further.json.id)), 'requests.own');
  assert.equal((await answer('local', further.json.id)).status, 404, 'it is for the whole city');
  assert.equal((await calendars()).last_day, before.last_day, 'proposed is not in force');
  await answer('li', further.json.id);
  await until(async () => (await calendars()).last_day === `${year}-12-31`);

  // The coming three weeks turn into days off: what was due in them is due later.
  const {number} = (await program.ask('POST', '/api/v1/cases', {body: {...submission(), site: {...submission().site, address: '示例路 77 号'}}, headers: {'Idempotency-Key': randomUUID()}})).json;
  const due = async () => (await call('getCase', 'clerk', {parts: {number}})).json.case.clocks.a.due_on;
  const promised = await due();
  const day = n => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10);
  const rows = '# overlay\n' + Array.from({length: 21}, (_, n) => `${day(n + 1)},made up for a test,off\n`).join('');
  const turned = await propose('local', 'own-days.csv', rows, area);
  assert.equal(turned.status, 201, turned.text);
  assert.ok(turned.json.content.turned_days >= 14, `${turned.json.content.turned_days}`);
  assert.equal(await due(), promised);
  const declined = await propose('wang', 'own-days.csv', rows, area);
  await answer('li', declined.json.id, 'declined', '通知没有这些日子');
  await answer('wang', turned.json.id);
  await until(async () => (await due()) > promised);
  const history = (await calendars()).requests.map(each => [each.subject_name, each.state]);
  assert.deepEqual(history, [[`${year}.csv`, 'granted'], ['own-days.csv', 'granted'], ['own-days.csv', 'declined']]);
});

test('a customer asks for a review; it lands with those who may answer, and the answer is in words', async () => {
  const made = await program.ask('POST', '/api/v1/cases', {body: submission(), headers: {'Idempotency-Key': randomUUID()}});
  const {number} = made.json;
  const {phone} = submission().applicant;
  const tracked = await program.ask('POST', '/api/v1/track', {body: {number, phone}});
  people.customer = sessionOf(tracked, tracked.json.session.csrf);
  const asked = await call('askReview', 'customer', {parts: {number}, body: {about: 'cost'}});
  assert.equal(asked.status, 201, asked.text);
  const {id} = asked.json;
  const waits = async who => (await call('getRequests', who)).json.requests.some(each => each.id === id);
  assert.deepEqual([await waits('manager'), await waits('elsewhere'), await waits('wang')], [true, false, false]);
  assert.equal((await call('answerRequest', 'elsewhere', {parts: {id}, body: {outcome: 'declined', words: '维持'}})).status, 404);
  assert.equal(codeOf(await call('answerRequest', 'manager', {parts: {id}, body: {outcome: 'declined', words: ''}})), 'requests.words');
  assert.equal(codeOf(await call('answerRequest', 'manager', {parts: {id}, body: {outcome: 'declined', words: `请联系客户 ${phone}`}})), 'connection.personal_data');
  await call('answerRequest', 'manager', {parts: {id}, body: {outcome: 'declined', words: '按二·省钱，维持。'}});
  const [seen] = (await call('getReviews', 'customer', {parts: {number}})).json.requests;
  assert.deepEqual([seen.state, seen.words, seen.may_answer], ['declined', '按二·省钱，维持。', false]);
});

test('reviews of other areas, however many, hide neither one’s own nor what administrators have to grant', async () => {
  const {json: {areas}} = await program.ask('GET', '/api/v1/city');
  const away = areas.find(each => each.code !== submission().site.area);
  const about = ['programme', 'class', 'days', 'cost', 'documents', 'permit', 'other'];
  const submit = async (body, i) => (await program.ask('POST', '/api/v1/cases', {body: {...body, applicant: {...body.applicant, phone: `1370000${1000 + i}`}}, headers: {'Idempotency-Key': randomUUID()}})).json.number;
  const there = {...submission(), site: {...submission().site, area: away.code, township: away.townships[0].code}};
  await Promise.all(Array.from({length: 29}, async (_, i) => {
    const number = await submit(there, i);
    for (const each of about) assert.equal((await call('askReview', 'clerk', {parts: {number}, body: {about: each}})).status, 201);
    assert.equal(codeOf(await call('askReview', 'clerk', {parts: {number}, body: {about: 'cost'}})), 'requests.waiting');
  }));
  const number = await submit(submission(), 99);
  const own = await call('askReview', 'clerk', {parts: {number}, body: {about: 'days'}});
  const change = await call('askChange', 'wang', {parts: {id: (await accounts())['zhou.jie'].id}, body: {kind: 'reset'}});
  const seen = async who => (await call('getRequests', who)).json.requests.map(each => each.id);
  assert.deepEqual(await seen('here'), [own.json.id]);
  assert.ok((await seen('li')).includes(change.json.id));
});

test('all of it is in the journal, and replay comes to the same tables', async () => {
  const ended = new Promise(done => program.process.on('exit', done));
  program.process.kill('SIGTERM');
  await ended;
  assert.match(run(['replay', ...program.place]), /./);
  const exported = run(['journal', 'export', ...program.place]);
  for (const type of ['request.made', 'request.granted', 'request.declined', 'request.withdrawn']) assert.ok(exported.includes(type), type);
  for (const personal of ['周洁', 'zhou.jie', submission().applicant.phone]) assert.ok(!exported.includes(personal), personal);
  await program.serve();
});
