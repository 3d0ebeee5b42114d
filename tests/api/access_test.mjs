// Every route of docs/access.md for every kind of caller, inside and outside their reach: the running program answers as the
// page says. That the page is the program's own table is access_page.py's to hold.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const roles = ['clerk', 'manager', 'supervisor', 'admin'];
let program, city, number;
const callers = [];

/** The rows of the page's table. */
const table = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8').split('\n').filter(line => line.startsWith('| `')).map(line => {
  const [, route, open, customer, clerk, manager, supervisor, admin, scope, reach] = line.split('|').map(cell => cell.trim());
  const [method, path] = route.replaceAll('`', '').split(' ');
  return {method, path, open: open !== '', customer, roles: {clerk, manager, supervisor, admin}, scope: scope.replaceAll('`', ''), reach};
});

const submission = () => structuredClone(contract.operation('submitCase').examples.example);
const phone = submission().applicant.phone;

/** What the page says that this caller hears: 'in', or the code of a refusal. */
function promised(row, who) {
  if (row.open) return 'in';
  if (who.kind === 'visitor') return 'identity.unauthenticated';
  if (who.kind === 'customer') {
    if (row.customer === '') return 'identity.forbidden';
    if (row.customer === '●') return 'in';
    if (row.customer === 'by phone') return who.by === 'phone' ? 'in' : 'identity.forbidden';
    if (who.theirs) return 'in';
    return who.by === 'phone' ? 'connection.not_found' : 'identity.forbidden';
  }
  const admitted = who.kind === 'staff' ? row.roles[who.role] !== '' : row.scope === who.scope && row.scope !== '';
  if (!admitted) return 'identity.forbidden';
  if (who.inside || row.reach === 'city' || row.reach === 'rows') return 'in';
  return row.reach === 'case' ? 'connection.not_found' : 'identity.forbidden';
}

const identityRefusals = new Set(['identity.unauthenticated', 'identity.forbidden', 'identity.csrf', 'identity.second_factor_required', 'connection.not_found']);
const heard = answer => (identityRefusals.has(answer.code) ? answer.code : 'in');

function requestFor(row, who) {
  const operation = contract.operations.find(each => each.method === row.method && each.path === row.path);
  assert.ok(operation, `${row.method} ${row.path} is in the contract`);
  const body = structuredClone(Object.values(operation.examples)[0]);
  if (row.reach === 'body' && 'area' in body) Object.assign(body, {area: submission().site.area, township: submission().site.township, enterprise: submission().enterprise});
  // Whoever may act gets an action of theirs: whether it fits the moment is another matter.
  const action = who.kind === 'customer' ? 'rate' : 'accept';
  const path = row.path.replace('{number}', row.open ? 'NONE-0' : number).replace('{action}', action).replace(/\{\w+\}/g, 'none');
  return [row.method, path, {body, session: who.session, headers: {'Idempotency-Key': randomUUID()}}];
}

before(async () => {
  program = await Program.start();
  const places = [
    ['everywhere', [], true],
    ['here', ['--area', submission().site.area, '--enterprise', submission().enterprise], true],
    ['in another area', ['--area', '370699'], false],
    ['of another enterprise', ['--enterprise', 'another-enterprise'], false],
  ];
  for (const role of roles)
    places.forEach(([, flags], i) => program.addAccount(`${role}.${i}`, role, password, flags));
  const keys = [];
  for (const scope of ['leads', 'cases'])
    for (const [where, flags, inside] of places)
      keys.push({kind: 'program', name: `program ${scope} ${where}`, scope, inside, session: {key: run(['key', 'add', ...program.place, '--scope', scope, ...flags, 'other system']).trim()}});
  await program.serve();
  city = (await program.ask('GET', '/api/v1/city')).json;
  number = (await program.ask('POST', '/api/v1/cases', {body: submission(), headers: {'Idempotency-Key': randomUUID()}})).json.number;
  const other = submission();
  other.applicant = {name: '别人', phone: '13700000009'};
  const others = (await program.ask('POST', '/api/v1/cases', {body: other, headers: {'Idempotency-Key': randomUUID()}})).json.number;

  callers.push({kind: 'visitor', name: 'visitor'});
  callers.push({kind: 'visitor', name: 'made-up cookie', session: {cookie: 'tongdian_session=00', csrf: '00'}});
  for (const role of roles)
    for (const [i, [where, , inside]] of places.entries()) {
      const answer = await program.ask('POST', '/api/v1/session', {body: {user: `${role}.${i}`, password}});
      callers.push({kind: 'staff', name: `${role} ${where}`, role, inside, session: sessionOf(answer, answer.json.csrf)});
    }
  callers.push(...keys);
  for (const [name, theirs, found] of [['customer by number', true, {number, phone}], ['another case’s customer by number', false, {number: others, phone: '13700000009'}]]) {
    const answer = await program.ask('POST', '/api/v1/track', {body: found});
    callers.push({kind: 'customer', name, by: 'number', theirs, session: sessionOf(answer, answer.json.session.csrf)});
  }
  callers.push({kind: 'customer', name: 'customer by phone', by: 'phone', theirs: true, session: await program.phoneSession(phone)});
  callers.push({kind: 'customer', name: 'another phone’s customer', by: 'phone', theirs: false, session: await program.phoneSession('13700000009')});
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('the page has every operation of the contract, and public ones are those of its list', () => {
  assert.deepEqual(table.map(row => `${row.method} ${row.path}`).sort(), contract.operations.map(each => `${each.method} ${each.path}`).sort());
  for (const row of table) assert.equal(row.open, contract.operations.find(each => each.method === row.method && each.path === row.path).access.includes('public'), row.path);
});

test('every route for every caller, as the page says', async () => {
  const wrong = [];
  const last = row => row.method === 'DELETE' && row.path === '/api/v1/session';
  let asked = 0;
  for (const who of callers)
    for (const row of [...table.filter(each => !last(each)), ...table.filter(last)]) {
      // A key stands for itself on public routes as well; those that sign people in are not for programs.
      const answer = await program.outcome(...requestFor(row, who));
      const expected = promised(row, who);
      ++asked;
      // Of a public route only its rule is tested: it may well find no such case.
      const said = row.open && answer.code === 'connection.not_found' ? 'in' : heard(answer);
      if (said !== expected) wrong.push(`${who.name}: ${row.method} ${row.path} should be ${expected}, is ${answer.status} ${answer.code}`);
      if (answer.status >= 500 && answer.code !== 'identity.no_sender') wrong.push(`${who.name}: ${row.method} ${row.path} is ${answer.status} ${answer.code}`);
    }
  assert.deepEqual(wrong, []);
  assert.ok(asked > 500, `${asked}`);
});

test('an inbox shows the rows within reach and no others', async () => {
  for (const who of callers.filter(each => (each.kind === 'program' ? each.scope === 'cases' : each.kind === 'staff'))) {
    if (who.kind === 'staff') {
      const answer = await program.ask('POST', '/api/v1/session', {body: {user: `${who.role}.${callers.filter(each => each.role === who.role).indexOf(who)}`, password}});
      who.session = sessionOf(answer, answer.json.csrf);
    }
    for (const query of ['state=all', `state=all&q=${number}`, `state=all&q=${phone}`]) {
      const {json} = await program.outcome('GET', `/api/v1/inbox?${query}`, {session: who.session});
      assert.equal(json.rows.some(row => row.number === number), who.inside, `${who.name} ${query}`);
      if (!who.inside) assert.equal(json.total, 0, `${who.name} learns not even how many`);
    }
  }
});

test('who sees a person’s data whole: clerk and manager; everybody else masked', async () => {
  for (const who of callers.filter(each => each.inside && each.scope !== 'leads')) {
    const {json} = await program.outcome('GET', `/api/v1/cases/${number}`, {session: who.session});
    const whole = json.case.person.phone === phone;
    assert.equal(whole, ['clerk', 'manager'].includes(who.role), who.name);
    if (!whole) assert.ok(!JSON.stringify(json).includes(phone), who.name);
  }
});

test('no route takes a session’s change without its token', async () => {
  const who = callers.find(each => each.name === 'clerk here');
  for (const row of table.filter(each => !each.open && each.method !== 'GET' && each.roles.clerk !== ''))
    for (const csrf of ['', 'wrong']) {
      const [method, path, options] = requestFor(row, who);
      assert.equal((await program.outcome(method, path, {...options, session: {...who.session, csrf}})).code, 'identity.csrf', row.path);
    }
});
