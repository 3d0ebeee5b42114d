// Pages that only inform are there without script: their words come with the page, in the reader's language.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {Program} from './program.mjs';

let program;
before(async () => {
  program = await Program.start();
  await program.serve('--demo');
});
after(async () => assert.equal(await program.stop(), 0, program.said));

const read = async (path, language) => {
  const response = await fetch(program.url + path, {headers: {'Accept-Language': language}});
  return {status: response.status, vary: response.headers.get('vary'), etag: response.headers.get('etag'), html: await response.text()};
};
const text = html => html.replace(/<script[^>]*>[\s\S]*?<\/script>|<[^>]*>/g, ' ');

test('the rules: every clause, as the interface has it', async () => {
  const {clauses} = (await program.ask('GET', '/api/v1/clauses')).json;
  const {status, html, vary} = await read('/rules', 'zh');
  assert.equal(status, 200);
  assert.match(vary, /Accept-Language/);
  assert.ok(clauses.length > 50);
  for (const {id} of clauses) assert.ok(html.includes(`<h2 id="${id.replaceAll('&', '&amp;')}">`), id);
  const words = text(html).replace(/\s+/g, '');
  for (const {id, text: printed} of clauses) assert.ok(words.includes(printed.replace(/\s+/g, '').replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')), id);
  assert.match(html, /type="module"/, 'the script comes as well');
  const again = await fetch(`${program.url}/rules`, {headers: {'Accept-Language': 'zh', 'If-None-Match': (await read('/rules', 'zh')).etag}});
  assert.equal(again.status, 304);
});

test('how long it takes: every row, as the interface has it', async () => {
  const {rows} = (await program.ask('GET', '/api/v1/durations')).json;
  assert.ok(rows.length > 10);
  for (const [language, key, title] of [['zh', 'zh', '实际要多久'], ['en', 'en', 'How long it takes']]) {
    const {status, html} = await read('/durations', language);
    assert.equal(status, 200);
    assert.ok(html.includes(`<h1>${title}</h1>`));
    const shown = [...html.matchAll(/<tr><td>([^<]*)<\/td><td>([^<]*)<\/td><td>(\d+)<\/td><td>([^<]*)<\/td><td>([^<]*)<\/td>/g)].map(each => each.slice(1));
    assert.deepEqual(shown, rows.map(row => [row.area_name?.[key] ?? {zh: '全市', en: 'Whole city'}[language], row.class_name[key], String(row.cases), String(row.grid_wd.median), String(row.grid_wd.p90)]));
  }
});

test('both hotlines at the foot of each', async () => {
  for (const path of ['/rules', '/durations', '/help'])
    for (const language of ['zh', 'en'])
      for (const number of ['95598', '12398']) assert.ok((await read(path, language)).html.includes(`<a href="tel:${number}">`), `${path} ${language} ${number}`);
});

test('help, and a page that does more than inform', async () => {
  assert.match((await read('/help', 'en')).html, /95598/);
  assert.match((await read('/apply', 'zh')).html, /<noscript>/);
});
