// A city with a network of its own: read at the start, published under its own name and digest, drafted from.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {Program, run, sessionOf} from './program.mjs';

const village = new URL('../../docs/examples/grid-small', import.meta.url).pathname;
let program;
before(async () => {
  program = await Program.start();
  await program.serve('--network', village);
});
after(async () => assert.equal(await program.stop(), 0, program.said));

const digest = bytes => createHash('sha256').update(bytes).digest('hex');

/** Open capacity is worked out beside the requests. */
async function computed(query) {
  for (let i = 0; i < 300; ++i) {
    const {json} = await program.ask('GET', `/api/v1/open-capacity${query}`);
    if (json.computed) return json;
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error('not computed');
}

test('what can be connected there is said under the network\'s own name, and its digest anyone can make again', async () => {
  const answer = await computed('?longitude=121.45&latitude=37.51');
  assert.match(answer.network, /^a made-up village/);
  assert.equal(answer.made_up, false, 'it is not the demo\'s');
  const list = readdirSync(village).sort().map(file => `${digest(readFileSync(join(village, file)))}  ${file}\n`).join('');
  assert.equal(answer.network_digest, digest(list));
  assert.deepEqual(answer.substations.map(each => each.name), ['West substation', 'East substation']);
  assert.equal(answer.places[0].node, 'mill');
  assert.equal(answer.places[0].distance_m, 0);
  assert.equal(answer.places.length, 8, 'the busbars of substations are no places');
  assert.ok(answer.places[0].kw > 0);
});

test('what looks wrong with it is told to whoever plans, and nothing else waits for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongdian-island-'));
  const doubtful = await Program.start();
  try {
    cpSync(village, folder, {recursive: true});
    appendFileSync(join(folder, 'nodes.csv'), 'far farm,10,junction,,,121.47,37.52\n');
    const account = {user: 'manager1', password: 'a long enough password'};
    doubtful.addAccount(account.user, 'manager', account.password);
    await doubtful.serve('--network', folder);
    const session = sessionOf(await doubtful.ask('POST', '/api/v1/session', {body: account}));
    const {json} = await doubtful.ask('GET', '/api/v1/supply/feeders', {session});
    assert.deepEqual(json.findings.map(each => each.element), [{zh: '节点 far farm', en: 'node far farm'}]);
    assert.match(json.findings[0].what.zh, /孤岛没有电源/);
    assert.match(json.findings[0].mend.zh, /闭合/);
    assert.ok(json.feeders.length > 0);
  } finally {
    await doubtful.stop();
    rmSync(folder, {recursive: true});
  }
});

test('a connection follows the roads of the table, and says so', () => {
  const {candidates} = JSON.parse(run(['grid', 'connect', village, '--at', '121.421,37.511', '--kw', '20', '--voltage', 'lv', '--json']));
  const at = node => candidates.find(each => each.node === node);
  assert.equal(at('house').route, 'road');
  assert.ok(at('village').route_m > 0);
});

test('a network of any kind as tables, which are not written over others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongdian-network-'));
  try {
    const tables = join(folder, 'tables');
    assert.match(run(['grid', 'write', 'made-up', tables]), /tables/);
    assert.ok(readdirSync(tables).includes('substation_transformers.csv'));
    assert.throws(() => run(['grid', 'write', 'made-up', tables]), /not empty|不为空/);
    const at = '121.402,37.541';
    const ask = network => JSON.parse(run(['grid', 'connect', network, '--at', at, '--kw', '100', '--json']));
    assert.deepEqual(ask(tables).candidates.map(each => each.node), ask('made-up').candidates.map(each => each.node));
  } finally {
    rmSync(folder, {recursive: true});
  }
});
