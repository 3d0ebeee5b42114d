// Names that leave in lists: every route that answers without being asked for one thing, for every reader, as JSON, CSV and workbook, holds
// neither name nor phone nor address nor id number of a customer; one case by its number shows them whole to those who handle it alone.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {inflateRawSync} from 'node:zlib';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
// Nothing of these stands anywhere else in what the program says.
const person = {name: '令狐未央', phone: '13987654321', id_number: '370602199003074518'};
const address = '蓬莱阁外三十八号西厢';
const secrets = {name: '狐未央', phone: '98765432', id_number: '19900307', address: '三十八号西厢'};
const words = '说好三天的';
let program, number, city;
const people = {};

async function call(id, who, {parts = {}, body} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => ({number, ...parts})[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': randomUUID()} : {};
  const answer = await program.ask(operation.method, path, {body, headers, session: people[who]});
  assert.ok(answer.status < 300, `${id} answered ${answer.status} ${answer.text.slice(0, 300)}`);
  return answer;
}
async function act(who, action, input) {
  const {sequence} = (await call('getCase', who)).json.case;
  return call('actOnCase', who, {parts: {action}, body: {expected_sequence: sequence, input}});
}

/** The texts of all parts of a workbook: a ZIP by its central directory. */
function unzipped(bytes) {
  let out = '';
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  assert.ok(end > 0, 'it is a ZIP');
  for (let i = 0, at = bytes.readUInt32LE(end + 16); i < bytes.readUInt16LE(end + 10); ++i) {
    const [method, packed, nameLength, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const part = bytes.subarray(from, from + packed);
    out += method === 8 ? inflateRawSync(part).toString('utf8') : part.toString('utf8');
    at += 46 + nameLength + extra + comment;
  }
  return out;
}

/** What leaks of the person; `search` is what the reader typed themselves, and may stand in the answer. */
const leaks = text => Object.entries(secrets).filter(([, secret]) => text.includes(secret)).map(([what]) => what);

/** The whole answer as text, whatever its type. */
async function read(path, who) {
  const session = people[who];
  const headers = session?.key ? {Authorization: `Bearer ${session.key}`} : session ? {Cookie: session.cookie} : {};
  const stop = new AbortController();
  const response = await fetch(program.url + path, {headers, signal: stop.signal});
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('event-stream')) {
    stop.abort(); // events are positions and kinds; live_test.py reads them
    return {status: response.status, text: ''};
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  return {status: response.status, type, text: type.includes('spreadsheet') ? unzipped(bytes) : bytes.toString('utf8')};
}

before(async () => {
  program = await Program.start();
  for (const [user, role] of [['clerk', 'clerk'], ['manager', 'manager'], ['other', 'manager'], ['supervisor', 'supervisor'], ['admin', 'admin']]) program.addAccount(user, role, password);
  for (const scope of ['cases', 'leads']) people[`program ${scope}`] = {key: run(['key', 'add', ...program.place, '--scope', scope, 'other system']).trim()};
  await program.serve();
  for (const user of ['clerk', 'manager', 'other', 'supervisor', 'admin']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  city = (await program.ask('GET', '/api/v1/city')).json;
  const example = structuredClone(contract.operation('submitCase').examples.example);
  number = (await call('submitCase', 'nobody', {body: {...example, applicant: person, site: {...example.site, address}}})).json.number;
  const track = async (of, phone) => {
    const answer = await program.ask('POST', '/api/v1/track', {body: {number: of, phone}});
    return sessionOf(answer, answer.json.session.csrf);
  };
  people.customer = await track(number, person.phone);
  const stranger = (await call('submitCase', 'nobody', {body: {...example, applicant: {name: '路人', phone: '13700000001'}}})).json.number;
  people.stranger = await track(stranger, '13700000001');
  // Into as many lists as there are: the team, a complaint, a review, a charge, a paper asked for.
  await act('manager', 'assign', {role: 'customer_manager', account: 'manager', reason: 'assigned'});
  await act('manager', 'record_charge', {item: 'METER', fen: 8000});
  await call('complain', 'customer', {body: {about: 'slow', text: words}});
  await call('askReview', 'customer', {body: {about: 'class'}});
  // Whoever applied can be searched for within a second or so.
  for (let i = 0; i < 200; ++i) {
    if ((await program.ask('GET', `/api/v1/inbox?q=${encodeURIComponent('未央')}`, {session: people.clerk})).json.rows.length) return;
    await new Promise(done => setTimeout(done, 50));
  }
  assert.fail('nobody finds the person');
});
after(async () => assert.equal(await program.stop(), 0, program.said));

const readers = ['nobody', 'stranger', 'clerk', 'manager', 'other', 'supervisor', 'admin', 'program cases', 'program leads'];

test('every list of the interface, for every reader', async () => {
  const lists = contract.operations.filter(each => each.method === 'GET' && !each.path.includes('{'));
  assert.ok(lists.length > 15, `${lists.length} lists`);
  const answered = new Map(readers.map(who => [who, 0]));
  for (const {path} of lists)
    for (const who of readers) {
      const {status, text} = await read(path, who);
      assert.deepEqual(leaks(text), [], `GET ${path} for ${who}`);
      if (status === 200) answered.set(who, answered.get(who) + 1);
    }
  // Not all were refused: the table says something.
  for (const who of ['clerk', 'manager', 'supervisor', 'admin']) assert.ok(answered.get(who) > 5, `${who} read ${answered.get(who)} lists`);
});

test('the inbox as it is searched and taken away', async () => {
  const q = `q=${encodeURIComponent('未央')}`;
  for (const who of ['clerk', 'manager', 'supervisor'])
    for (const path of [`/api/v1/inbox?${q}`, `/api/v1/inbox?q=${person.phone}`, `/api/v1/inbox.csv?${q}`, `/api/v1/inbox.xlsx?${q}`, '/api/v1/inbox.csv?state=all', '/api/v1/inbox.xlsx?state=all']) {
      const {status, text} = await read(path, who);
      assert.equal(status, 200, `${path} for ${who}`);
      assert.ok(text.includes(number), `${path} for ${who} has the case`);
      assert.ok(text.includes('令*'), `${path} for ${who} has the masked name`);
      assert.deepEqual(leaks(text), [], `${path} for ${who}`);
    }
});

test('lists of what waits and is watched have the case, not the person', async () => {
  const rows = [
    ['/api/v1/requests', 'manager', [number, words]], ['/api/v1/requests', 'supervisor', [number, words]], ['/api/v1/findings', 'supervisor', []], ['/api/v1/orders', 'supervisor', []],
    ['/api/v1/reports', 'supervisor', []], ['/api/v1/whitelist', 'clerk', []],
  ];
  for (const [path, who, has] of rows) {
    const {status, text} = await read(path, who);
    assert.equal(status, 200, `${path} for ${who}`);
    for (const each of has) assert.ok(text.includes(each), `${path} for ${who} has ${each}`);
    assert.deepEqual(leaks(text), [], `${path} for ${who}`);
  }
});

test('one case by its number: whole for those who handle cases, masked for who came by number and phone and for who watches, nothing for the rest', async () => {
  const whole = ['name', 'phone', 'id_number', 'address'];
  const rows = [['customer', 200, []], ['clerk', 200, whole], ['manager', 200, whole], ['supervisor', 200, []], ['program cases', 200, []], ['admin', 200, []], ['program leads', 403, []], ['stranger', 403, []], ['nobody', 401, []]];
  for (const [who, status, seen] of rows) {
    const answer = await read(`/api/v1/cases/${number}`, who);
    assert.deepEqual([answer.status, leaks(answer.text)], [status, seen], who);
  }
});

test('what hangs on a case has no person in it, for whoever may read it', async () => {
  const parts = contract.operations.filter(each => each.method === 'GET' && each.path.startsWith('/api/v1/cases/{number}/') && !each.path.replace('{number}', '').includes('{'));
  assert.ok(parts.length > 3);
  for (const {path, id} of parts)
    for (const who of readers) {
      const {text} = await read(path.replace('{number}', number), who);
      // The copy of one's data is the person's own; a manager hands it out at the counter.
      if (id === 'copyPerson' && ['manager', 'other'].includes(who)) assert.notDeepEqual(leaks(text), []);
      else assert.deepEqual(leaks(text), [], `GET ${path} for ${who}`);
    }
});

test('neither the journal nor what is public has any of it', async () => {
  assert.deepEqual(leaks(run(['journal', 'export', ...program.place])), []);
  for (const path of ['/', '/rules', '/durations', '/help']) assert.deepEqual(leaks((await read(path, 'nobody')).text), [], path);
  assert.ok(city.areas.length > 0);
});
