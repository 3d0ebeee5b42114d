// Papers as files, on a running server: sent part by part, handed in, looked at, gone with their person.
import assert from 'node:assert/strict';
import {createHash, randomBytes, randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
const phone = '13800000001';
let program, number, paper;
const people = {};

async function call(id, who, {parts = {}, body, key = randomUUID()} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? number);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': key} : {};
  const answer = await program.ask(operation.method, path, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const code = answer => answer.json?.code ?? answer.status;
const pdf = size => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(size - 9)]);
const begin = (who, bytes, {document = paper, type = 'application/pdf', key, parts} = {}) => call('beginFile', who, {key, parts, body: {document, type, size: bytes.length}});
const put = (who, file, bytes, offset, end) => call('putFilePart', who, {parts: {file}, body: {offset, bytes: bytes.subarray(offset, end).toString('base64')}});

/** From where the server says, to the end. */
async function send(who, bytes, progress) {
  while (progress.received < bytes.length) {
    const answer = await put(who, progress.id, bytes, progress.received, progress.received + progress.part_size);
    assert.equal(answer.status, 200, answer.text);
    progress = answer.json;
  }
  return progress;
}
async function handIn(who, bytes) {
  const progress = await send(who, bytes, (await begin(who, bytes)).json);
  const answer = await call('attachFile', who, {parts: {file: progress.id}});
  assert.equal(answer.status, 200, answer.text);
  return {file: progress.id, case: answer.json.case};
}
async function apply(others = {}) {
  const body = structuredClone(contract.operation('submitCase').examples.example);
  Object.assign(body.applicant, {phone}, others);
  return (await call('submitCase', 'nobody', {body})).json.number;
}
async function track(which, by = phone) {
  const answer = await program.ask('POST', '/api/v1/track', {body: {number: which, phone: by}});
  return sessionOf(answer, answer.json.session.csrf);
}
const act = async (who, action, input = {}) => {
  const {sequence} = (await call('getCase', who)).json.case;
  return call('actOnCase', who, {parts: {action}, body: {expected_sequence: sequence, input}});
};

before(async () => {
  program = await Program.start();
  for (const role of ['clerk', 'manager', 'supervisor']) program.addAccount(role, role, password);
  await program.serve();
  for (const role of ['clerk', 'manager', 'supervisor']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user: role, password}});
    people[role] = sessionOf(answer, answer.json.csrf);
  }
  number = await apply();
  people.customer = await track(number);
  people.other = await track(await apply({phone: '13700000009', name: '别人'}), '13700000009');
  people.byPhone = await program.phoneSession('13700000009');
  [paper] = (await call('getCase', 'customer')).json.case.papers_wanted;
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('a connection that is cut costs one part: the same key finds what is there, and HEAD says how much', async () => {
  const bytes = pdf(100_000), key = randomUUID();
  const {json: first} = await begin('customer', bytes, {key});
  assert.equal((await put('customer', first.id, bytes, 0, first.part_size)).json.received, first.part_size);
  const again = await begin('customer', bytes, {key});
  assert.deepEqual([again.json.id, again.json.received], [first.id, first.part_size]);
  const head = await fetch(`${program.url}/api/v1/cases/${number}/files/${first.id}`, {method: 'HEAD', headers: {Cookie: people.customer.cookie}});
  assert.equal(head.headers.get('upload-offset'), String(first.part_size));
  // The part whose answer was lost, sent again, and one that is too early: neither is written.
  assert.equal((await put('customer', first.id, bytes, 0, first.part_size)).json.received, first.part_size);
  assert.equal((await put('customer', first.id, bytes, 90_000, 100_000)).json.received, first.part_size);
  assert.equal(code(await call('attachFile', 'customer', {parts: {file: first.id}})), 'paper.unfinished');
  const done = await send('customer', bytes, again.json);
  const answer = await call('attachFile', 'customer', {parts: {file: done.id}});
  const [file] = answer.json.case.files;
  assert.deepEqual([file.id, file.document, file.type, file.size], [done.id, paper, 'application/pdf', bytes.length]);
  assert.equal(answer.json.case.timeline.at(-1).type, 'case.file_attached');
  // Once more changes nothing.
  assert.equal((await call('attachFile', 'customer', {parts: {file: done.id}})).json.case.files.length, 1);
  const got = await fetch(`${program.url}/api/v1/cases/${number}/files/${done.id}/content`, {headers: {Cookie: people.customer.cookie}});
  assert.ok(Buffer.from(await got.arrayBuffer()).equals(bytes));
  assert.match(got.headers.get('content-disposition'), /^attachment; filename="TD[0-9A-Z-]+-[a-z_]+-[0-9a-f]{6}\.pdf"$/);
  assert.equal(got.headers.get('cache-control'), 'no-store');
  // With the salt of the copy everybody can check the journal's digest; without it nobody can.
  const copy = (await call('copyPerson', 'customer')).json.files[0];
  assert.equal(createHash('sha256').update(Buffer.from(copy.salt, 'hex')).update(bytes).digest('hex'), copy.digest);
  const proof = await call('getCaseProof', 'nobody');
  assert.ok(proof.text.includes(copy.digest) && !proof.text.includes(copy.salt));
});

test('what is refused, each with its code', async () => {
  const lie = Buffer.from('MZ this is a program and no picture at all');
  const rows = [
    ['another kind of file', {type: 'text/html'}, 'paper.wrong_type'],
    ['too large', {size: 10 * 1024 * 1024 + 1}, 'paper.wrong_size'],
    ['empty', {size: 0}, 'paper.wrong_size'],
    ['of another stage', {document: 'completion_report_with_drawings'}, 'connection.document_not_on_list'],
    ['on no list', {document: 'letter_of_commitment'}, 'connection.document_not_on_list'],
  ];
  for (const [what, change, expected] of rows)
    assert.equal(code(await call('beginFile', 'customer', {body: {document: paper, type: 'image/png', size: 100, ...change}})), expected, what);
  const key = randomUUID();
  const {json: begun} = await begin('customer', lie, {type: 'image/png', key});
  assert.equal(code(await put('customer', begun.id, lie, 0)), 'paper.wrong_type');
  assert.equal(code(await call('getFileProgress', 'customer', {parts: {file: begun.id}})), 'paper.not_found', 'it is not kept');
  const real = pdf(200);
  const {json: other} = await begin('customer', real, {key: randomUUID()});
  assert.equal(code(await call('putFilePart', 'customer', {parts: {file: other.id}, body: {offset: 0, bytes: '?'}})), 'paper.bad_part');
  assert.equal(code(await put('customer', other.id, Buffer.concat([real, real]), 0)), 'paper.bad_part', 'more than was said');
  const taken = randomUUID();
  await begin('customer', real, {key: taken});
  assert.equal((await begin('customer', pdf(300), {key: taken})).status, 409);
});

test('another person reaches neither the case nor, from their own, the file', async () => {
  const bytes = pdf(60);
  const {json: {id}} = await begin('customer', bytes);
  for (const who of ['other', 'byPhone'])
    for (const [operation, body] of [['beginFile', {document: paper, type: 'image/png', size: 9}], ['getFileProgress'], ['putFilePart', {offset: 0, bytes: 'JVBERi0xLjcK'}], ['attachFile'], ['getFile']])
      assert.ok([403, 404].includes((await call(operation, who, {parts: {file: id}, body})).status), `${operation} by ${who}`);
  const own = (await call('getSession', 'other')).json.case_number;
  assert.equal(code(await call('getFileProgress', 'other', {parts: {number: own, file: id}})), 'paper.not_found');
  assert.equal((await call('getFile', 'supervisor', {parts: {file: id}})).status, 403);
});

test('the last paper of the one-time notice supplies it; what staff look at, the person sees', async () => {
  // Of another person: what the city has of somebody it does not ask for again.
  number = await apply({phone: '13800000002', name: '乙'});
  people.customer = await track(number, '13800000002');
  assert.equal((await act('clerk', 'ask_documents', {documents: [paper]})).status, 200);
  const {file, case: after} = await handIn('customer', pdf(50_000));
  assert.equal(after.state, 'running');
  assert.deepEqual(after.timeline.slice(-2).map(each => each.type), ['case.file_attached', 'case.supplemented']);
  assert.equal((await call('getFile', 'manager', {parts: {file}})).status, 200);
  // A supervisor sees the case masked: that is said too, as what it was, and once.
  for (const _ of [1, 2]) assert.equal((await call('getCase', 'supervisor')).status, 200);
  // Noted after the answer, so that nobody waits for the disk.
  let seen = [];
  for (let i = 0; i < 50 && !seen.some(each => each.name === 'supervisor'); i++) {
    await new Promise(resolve => setTimeout(resolve, 100));
    seen = (await call('getCase', 'customer')).json.case.seen_by;
  }
  assert.ok(seen.some(each => each.name === 'manager' && each.whole));
  assert.deepEqual(seen.filter(each => each.name === 'supervisor').map(each => each.whole), [false]);
});

test('at the counter the clerk sends it, in the clerk’s name', async () => {
  number = await apply({phone: '13800000003', name: '丙'});
  const {case: after} = await handIn('clerk', pdf(2_000));
  assert.deepEqual([after.timeline.at(-1).actor.kind, after.timeline.at(-1).channel], ['staff', 'desk']);
});

test('a correction of the person’s data leaves their files as they are', async () => {
  const {case: {files: [file]}} = (await call('getCase', 'clerk')).json;
  assert.equal((await act('clerk', 'correct_person', {name: '王晓明', phone: '', id_number: '', address: ''})).status, 200);
  assert.equal((await call('getFile', 'clerk', {parts: {file: file.id}})).status, 200);
});

test('erased with their person', async () => {
  number = await apply({phone: '13800000004', name: '丁'});
  people.customer = await track(number, '13800000004');
  const {file} = await handIn('customer', pdf(5_000));
  assert.equal((await act('customer', 'withdraw', {reason: 'other'})).status, 200);
  assert.equal((await act('customer', 'erase_person', {ground: 'consent_withdrawn'})).status, 200);
  for (const who of ['clerk', 'manager']) assert.equal(code(await call('getFile', who, {parts: {file}})), 'paper.not_found', who);
  assert.equal(code(await begin('clerk', pdf(100))), 'connection.person_erased');
});
