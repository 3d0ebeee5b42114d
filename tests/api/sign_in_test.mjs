// Who gets in: passwords, second factors, resets and sessions, on a running server; each row what an attacker would try.
import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program;

before(async () => {
  program = await Program.start();
  for (const [user, role] of [['li.na', 'clerk'], ['wang.wei', 'clerk'], ['zhao.min', 'admin'], ['sun.li', 'manager'], ['qian.yi', 'clerk'], ['he.yu', 'clerk']]) program.addAccount(user, role, password);
  await program.serve();
});
after(async () => assert.equal(await program.stop(), 0, program.said));

async function call(id, {path, ...options} = {}) {
  const operation = contract.operation(id);
  const answer = await program.ask(operation.method, path ?? operation.path, options);
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text}`);
  return answer;
}

async function signIn(user, more = {}, options = {}) {
  const answer = await call('signIn', {body: {user, password, ...more}, ...options});
  return answer.status === 200 ? sessionOf(answer, answer.json.csrf) : answer;
}

/** What an authenticator shows; `steps` from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(each => parseInt(each, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const account = session => call('getAccount', {session});
const userCommand = (...args) => run(['user', args[0], ...program.place, ...args.slice(1)]);

test('a second factor: set up, asked for, each code once, recovery, removal', async () => {
  const first = await signIn('li.na');
  const elsewhere = await signIn('li.na');
  assert.equal((await call('beginSecondFactor', {body: {password: 'a wrong password'}, session: first})).status, 401);
  const {secret, uri} = (await call('beginSecondFactor', {body: {password}, session: first})).json;
  assert.match(uri, /^otpauth:\/\/totp\/.+:li\.na\?secret=/);
  assert.equal((await call('confirmSecondFactor', {body: {code: '000000'}, session: first})).status, 401);
  assert.equal((await signIn('li.na')).cookie !== undefined, true, 'what is not confirmed asks for nothing');
  const confirmed = await call('confirmSecondFactor', {body: {code: totp(secret, -1)}, session: first});
  assert.equal(confirmed.status, 200, confirmed.text);
  assert.equal(confirmed.json.recovery_codes.length, 10);
  const session = sessionOf(confirmed, confirmed.json.csrf);
  for (const old of [first, elsewhere]) assert.equal((await account(old)).status, 401, 'sessions from before are over');
  assert.equal((await account(session)).json.second_factor.active, true);

  const code = totp(secret);
  const rows = [
    [{}, 'identity.second_factor'],
    [{password: 'a wrong password', code}, 'identity.wrong_password'],
    [{code: totp(secret, -1)}, 'identity.wrong_code'],  // the one that confirmed
    [{code}, 'in'],
    [{code}, 'identity.wrong_code'],  // replayed within its window
    [{code: totp(secret, 5)}, 'identity.wrong_code'],
    [{code: confirmed.json.recovery_codes[0]}, 'in'],
    [{code: confirmed.json.recovery_codes[0]}, 'identity.wrong_code'],
    [{code: confirmed.json.recovery_codes[1].toLowerCase().replace('-', '')}, 'in'],
  ];
  for (const [more, expected] of rows) {
    const answer = await signIn('li.na', more);
    assert.equal(answer.cookie ? 'in' : answer.json.code, expected, JSON.stringify(more));
  }
  assert.equal((await account(session)).json.second_factor.recovery_codes_left, 8);
  assert.equal((await call('removeSecondFactor', {body: {password}, session})).status, 401);
  assert.equal((await call('removeSecondFactor', {body: {password, code: confirmed.json.recovery_codes[2]}, session})).status, 204);
  assert.ok((await signIn('li.na')).cookie);
});

test('a session is never one that was there before signing in', async () => {
  const planted = {cookie: 'tongdian_session=planted-by-somebody', csrf: 'x'};
  const signed = await signIn('wang.wei', {}, {headers: {Cookie: planted.cookie}});
  assert.notEqual(signed.cookie, planted.cookie);
  assert.equal((await account(planted)).status, 401);
  const again = await signIn('wang.wei', {}, {headers: {Cookie: signed.cookie}});
  assert.notEqual(again.cookie, signed.cookie);
  assert.equal((await account(signed)).status, 401, 'the one before is over');
  assert.match(again.attributes, /HttpOnly/);
  assert.match(again.attributes, /SameSite=Strict/);
});

test('sessions are listed and ended; nobody ends another account’s', async () => {
  const here = await signIn('wang.wei'), there = await signIn('wang.wei'), other = await signIn('sun.li');
  const list = (await account(here)).json.sessions;
  const [thereId] = list.filter(each => !each.current).map(each => each.id);
  assert.equal((await call('endSession', {path: `/api/v1/account/sessions/${thereId}`, session: other})).status, 404);
  assert.equal((await account(there)).status, 200);
  assert.equal((await call('endSession', {path: `/api/v1/account/sessions/${thereId}`, session: here})).status, 204);
  const more = await signIn('wang.wei');
  assert.equal((await call('endOtherSessions', {session: here})).status, 204);
  assert.equal((await account(more)).status, 401);
  assert.equal((await account(here)).json.sessions.length, 1);
  assert.equal((await account(other)).status, 200);
});

test('a new password: the old one once more, not a common one, and every other session ends', async () => {
  const here = await signIn('sun.li'), there = await signIn('sun.li');
  const rows = [
    [{password: 'a wrong password', next: 'a phrase of tomorrow'}, 401, 'identity.wrong_password'],
    [{password, next: 'short'}, 400, 'identity.short_password'],
    [{password, next: 'Password123'}, 400, 'identity.common_password'],
    [{password, next: 'sun.li1234'}, 400, 'identity.common_password'],
  ];
  for (const [body, status, code] of rows) {
    const answer = await call('changePassword', {body, session: here});
    assert.equal(answer.status, status, code);
    assert.equal(answer.json.code, code);
  }
  assert.equal((await call('changePassword', {body: {password, next: 'a phrase of tomorrow'}, session: here})).status, 204);
  assert.equal((await account(there)).status, 401);
  assert.equal((await account(here)).status, 200);
  assert.equal((await signIn('sun.li')).status, 401);
  assert.ok((await signIn('sun.li', {password: 'a phrase of tomorrow'})).cookie);
});

test('a forgotten password: a code of the administrator, good once', async () => {
  const said = userCommand('reset', 'wang.wei');
  const code = said.trim().split(' ').at(-1);
  assert.match(code, /^[A-Z2-9]{16}$/);
  const reset = body => call('resetPassword', {body: {user: 'wang.wei', code, password: 'a phrase of tomorrow', ...body}});
  assert.equal((await reset({code: 'AAAAAAAAAAAAAAAA'})).status, 401);
  const [known, unknown] = [await reset({user: 'sun.li'}), await reset({user: 'nobody'})];
  assert.deepEqual([known.status, known.text], [unknown.status, unknown.text], 'a name that there is answers as one that there is not');
  assert.equal((await reset({password: '1234567890'})).json.code, 'identity.common_password');
  assert.equal((await reset({})).status, 204);
  assert.equal((await reset({})).status, 401);
  assert.ok((await signIn('wang.wei', {password: 'a phrase of tomorrow'})).cookie);
});

test('a new password removes the lock that failures have put on an account', async () => {
  for (let i = 0; i < 10; ++i) await call('signIn', {body: {user: 'sun.li', password: `a guess ${i}`}});
  assert.equal((await signIn('sun.li', {password: 'a phrase of tomorrow'})).status, 429);
  const code = userCommand('reset', 'sun.li').trim().split(' ').at(-1);
  // Tries are counted by name as well, and those of this name are used up: the way in is the code's.
  const said = await call('resetPassword', {body: {user: 'sun.li', code, password: 'a phrase of next week'}});
  assert.equal(said.status, 204, said.text);
  assert.ok((await signIn('sun.li', {password: 'a phrase of next week'})).cookie);
});

test('who knows a name does not keep its owner out of a browser of theirs', async () => {
  const first = await call('signIn', {body: {user: 'he.yu', password}});
  assert.equal(first.status, 200);
  const mark = first.headers.getSetCookie().find(each => each.startsWith('tongdian_known_'));
  for (const what of ['HttpOnly', 'SameSite=Strict', 'Max-Age=15552000']) assert.ok(mark.includes(what), mark);
  for (let i = 0; i < 10; ++i) await call('signIn', {body: {user: 'he.yu', password: `a guess ${i}`}});
  assert.equal((await call('signIn', {body: {user: 'he.yu', password}})).status, 429);
  const at = cookie => call('signIn', {body: {user: 'he.yu', password}, session: {cookie}});
  const again = await at(mark.split(';')[0]);
  assert.equal(again.status, 200, again.text);
  assert.equal(again.headers.getSetCookie().length, 1, 'a known browser needs no new mark');
  assert.equal((await at(mark.split(';')[0].slice(0, -1))).status, 429, 'a mark that was cut is none');
  assert.equal((await call('getAccount', {session: {cookie: mark.split(';')[0]}})).status, 401, 'it opens nothing');
});

test('a code to confirm a second factor is not guessed', async () => {
  const session = await signIn('wang.wei', {password: 'a phrase of tomorrow'});
  await call('beginSecondFactor', {body: {password: 'a phrase of tomorrow'}, session});
  const statuses = [];
  for (let i = 0; i < 11; ++i) statuses.push((await call('confirmSecondFactor', {body: {code: '00000x'}, session})).status);
  assert.deepEqual([...new Set(statuses)], [401, 429]);
});

test('the command line: disable, enable, role, list', async () => {
  const session = await signIn('zhao.min');
  userCommand('role', '--role', 'supervisor', '--area', '370602', 'zhao.min');
  await new Promise(done => setTimeout(done, 1100));  // another program wrote: what memory holds is believed for a second
  assert.equal((await account(session)).status, 401, 'a session ends with the authority that it carries');
  const answer = await call('signIn', {body: {user: 'zhao.min', password}});
  assert.deepEqual([answer.json.roles, answer.json.areas], [['supervisor'], ['370602']]);
  userCommand('disable', 'zhao.min');
  assert.equal((await signIn('zhao.min')).json.code, 'identity.disabled');
  const listed = run(['user', 'list', ...program.place]).trim().split('\n').map(each => JSON.parse(each));
  assert.deepEqual(listed.filter(each => each.disabled).map(each => each.user), ['zhao.min']);
  assert.ok(!JSON.stringify(listed).includes('argon'));
  userCommand('enable', 'zhao.min');
  assert.ok((await signIn('zhao.min')).cookie);
});

test('where a second factor is required, whoever has none reaches their own account and nothing else', async () => {
  const city = await Program.start();
  city.addAccount('ma.chao', 'clerk', password);
  await city.serve('--second-factor', 'required');
  const answer = await city.ask('POST', '/api/v1/session', {body: {user: 'ma.chao', password}});
  const session = sessionOf(answer, answer.json.csrf);
  const submission = structuredClone(contract.operation('submitCase').examples.example);
  const rows = [
    ['GET', '/api/v1/account', undefined, ''],
    ['GET', '/api/v1/inbox', undefined, 'identity.second_factor_required'],
    ['POST', '/api/v1/cases', {...submission, channel: 'counter'}, 'identity.second_factor_required'],
    ['POST', '/api/v1/cases', {...submission, channel: 'online'}, ''],  // as anybody may, in nobody's name
  ];
  for (const [method, path, body, code] of rows)
    assert.equal((await city.outcome(method, path, {body, session, headers: {'Idempotency-Key': `k-${path.length}-${body?.channel}`}})).code, code, path);
  assert.equal(await city.stop(), 0, city.said);
});

test('who is there and who is not: one answer, and the wait that is told is kept to', async () => {
  const answers = [];
  for (const user of ['nobody.at.all', 'qian.yi']) {
    const seen = [];
    for (let i = 0; i < 11; ++i) seen.push((await call('signIn', {body: {user, password: `a guess ${i}`}})));
    answers.push(seen.map(each => [each.status, each.json.code]));
    const wait = Number(seen.at(-1).headers.get('retry-after'));
    assert.ok(wait > 60 && wait <= 300, `${wait}`);
  }
  assert.deepEqual(answers[0], answers[1]);
  assert.deepEqual(answers[0].at(-1), [429, 'identity.too_many']);
});
