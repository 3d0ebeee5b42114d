// The desk finds people by what it hears on the telephone; what is searched lies as keyed digests, and reach is kept.
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {after, before, test} from 'node:test';
import {Contract} from './contract.mjs';
import {Program, run, sessionOf} from './program.mjs';

const contract = Contract.load();
const password = 'a long enough password';
let program;
const people = {}, numbers = {};

async function call(id, who, {query = '', parts = {}, body} = {}) {
  const operation = contract.operation(id);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
  const headers = operation.parameters.some(each => each.name === 'Idempotency-Key') ? {'Idempotency-Key': randomUUID()} : {};
  const answer = await program.ask(operation.method, path + query, {body, headers, session: people[who]});
  assert.deepEqual(contract.complaints(operation, answer), [], `${id} answered ${answer.status} ${answer.text.slice(0, 400)}`);
  return answer;
}
const find = async (who, q, more = '') => {
  const {rows, total} = (await call('getInbox', who, {query: `?q=${encodeURIComponent(q)}${more}`})).json;
  assert.equal(total, rows.length);
  return rows.map(row => Object.keys(numbers).find(name => numbers[name] === row.number)).sort();
};
/** Whoever applied can be searched for within a second or so. */
async function until(what) {
  for (let i = 0; i < 200; ++i) {
    if (await what()) return;
    await new Promise(done => setTimeout(done, 50));
  }
  assert.fail('it never came to be');
}

before(async () => {
  program = await Program.start();
  for (const [user, role, ...more] of [['clerk', 'clerk'], ['here', 'clerk', '--area', '370602'], ['there', 'clerk', '--area', '370613'], ['manager', 'manager']]) program.addAccount(user, role, password, more);
  await program.serve();
  for (const user of ['clerk', 'here', 'there', 'manager']) {
    const answer = await program.ask('POST', '/api/v1/session', {body: {user, password}});
    people[user] = sessionOf(answer, answer.json.csrf);
  }
  const example = contract.operation('submitCase').examples.example;
  const {areas} = (await program.ask('GET', '/api/v1/city')).json;
  const site = (code, address) => ({area: code, township: areas.find(each => each.code === code).townships[0].code, address});
  for (const [name, phone, at] of [['王小明', '13800007531', site('370602', '南大街１２号')], ['王小红', '13800000002', site('370613', '南大街12号')], ['烟台ABC公司（虚构）', '05351237531', site('370602', '长江路88号')]])
    numbers[name] = (await call('submitCase', 'nobody', {body: {...example, applicant: {...example.applicant, name, phone}, site: at}})).json.number;
  await until(async () => (await find('clerk', '公司')).length === 1 && (await find('clerk', '王小')).length === 2);
});
after(async () => assert.equal(await program.stop(), 0, program.said));

test('by name, address, the phone\'s end, and several at once', async () => {
  const rows = [
    ['王小明', ['王小明']], ['小红', ['王小红']], ['王', ['王小明', '王小红']], ['南大街12号', ['王小明', '王小红']], ['小明 南大街', ['王小明']], ['小明 长江路', []],
    ['7531', ['烟台ABC公司（虚构）', '王小明']], ['abc 7531', ['烟台ABC公司（虚构）']], ['13800007531', ['王小明']], ['1380000', []], ['赵钱', []], ['（）', []], ['%\'"; DROP', []],
  ];
  for (const [q, found] of rows) assert.deepEqual(await find('clerk', q), found, q);
  assert.deepEqual(await find('clerk', numbers['王小红'].toLowerCase()), ['王小红']);
  assert.deepEqual(await find('clerk', '  '), ['烟台ABC公司（虚构）', '王小明', '王小红'], 'blanks are no search');
});

test('only within reach and within the filter', async () => {
  assert.deepEqual(await find('here', '王小'), ['王小明']);
  assert.deepEqual(await find('there', '王小'), ['王小红']);
  assert.deepEqual(await find('there', '公司'), []);
  assert.deepEqual(await find('clerk', '王小', '&area=370613'), ['王小红']);
  assert.deepEqual(await find('clerk', '王小', '&state=done'), []);
  const csv = await program.ask('GET', `/api/v1/inbox.csv?q=${encodeURIComponent('小红')}`, {session: people.clerk});
  assert.ok(csv.text.includes(numbers['王小红']) && !csv.text.includes(numbers['王小明']));
});

test('by the end of a number, as it is read out, within reach', async () => {
  const end = numbers['王小明'].slice(-6);
  const rows = [[end, ['王小明']], [end.slice(-4), ['王小明']], [end.slice(-5).toLowerCase(), ['王小明']], [`${end.slice(0, 3)} ${end.slice(3)}`, ['王小明']], [`-${end}`, ['王小明']],
    [end.replaceAll('0', 'O').replaceAll('1', 'l'), ['王小明']], [numbers['王小明'].replace('-', ''), ['王小明']], [end.slice(-3), []], [end.slice(0, 4), []]];
  for (const [q, found] of rows) assert.deepEqual(await find('clerk', q), found, q);
  assert.deepEqual(await find('there', end), []);
  assert.deepEqual(await find('clerk', end, '&area=370613'), []);
});

test('who had a person in their lists, and who searched for them, is said to them', async () => {
  const track = async () => (await program.ask('POST', '/api/v1/track', {body: {number: numbers['王小明'], phone: '13800007531'}})).json.case.seen_by.filter(each => each.name === 'manager');
  assert.deepEqual(await track(), []);
  assert.deepEqual(await find('manager', numbers['王小明']), ['王小明'], 'by a number nobody is looked for');
  await until(async () => (await track()).length === 1);
  const [listed] = await track();
  assert.ok(!listed.whole && listed.why.zh.includes('办件列表') && listed.why.zh.includes('共 1 天'), JSON.stringify(listed));
  assert.deepEqual(await find('manager', ''), ['烟台ABC公司（虚构）', '王小明', '王小红']);
  assert.equal((await track()).length, 1, 'a second list is no second entry');
  assert.deepEqual(await find('manager', '小明'), ['王小明']);
  await until(async () => (await track()).some(each => each.why.zh.includes('查找')));
  assert.equal((await track()).length, 1, 'who looked for the person is named for that alone');
  const copy = (await program.ask('GET', `/api/v1/cases/${numbers['王小明']}/person`, {session: people.manager})).json;
  const entry = copy.readers.filter(each => each.name === 'manager' && each.list);
  assert.equal(entry.length, 1);
  assert.equal(entry[0].list.days, 1);
});

test('who is corrected is found by the new name alone', async () => {
  const act = async (name, action, input) => {
    const parts = {number: numbers[name]};
    const {sequence} = (await call('getCase', 'manager', {parts})).json.case;
    const answer = await call('actOnCase', 'manager', {parts: {...parts, action}, body: {expected_sequence: sequence, input}});
    assert.equal(answer.status, 200, answer.text);
  };
  await act('王小红', 'correct_person', {name: '王小虹'});
  await until(async () => (await find('clerk', '小虹')).length === 1);
  assert.deepEqual(await find('clerk', '小红'), []);
  assert.match(run(['replay', ...program.place]), /./);
});
