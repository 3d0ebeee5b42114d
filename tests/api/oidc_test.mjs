// Signing in by a single sign-on, against a real provider (npm oidc-provider) on this machine: the way there and back, and
// what must not pass on it.
import assert from 'node:assert/strict';
import {generateKeyPairSync} from 'node:crypto';
import {createServer} from 'node:http';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {Program, sessionOf} from './program.mjs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const {default: Provider} = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const password = 'a long enough password';
const people = {
  'li.na': {sub: 's-li', name: '李娜', groups: []},
  'wang': {sub: 's-wang', name: '王伟', groups: ['power-clerks']},
  'zhao': {sub: 's-zhao', name: '赵敏', groups: ['gardeners']},
  'sun': {sub: 's-sun', name: '孙丽', groups: []},
};
let provider, folder, program, issuer;

/** A server whose handler is set once its address is known: the issuer is part of the provider. */
async function listen(handler) {
  const server = createServer((request, response) => handler.now(request, response));
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return server;
}

const jwk = (type, options, more) => ({...generateKeyPairSync(type, options).privateKey.export({format: 'jwk'}), use: 'sig', ...more});

async function startProvider(callback) {
  const handler = {};
  const server = await listen(handler);
  issuer = `http://127.0.0.1:${server.address().port}`;
  const made = new Provider(issuer, {
    clients: ['RS256', 'ES256'].map(algorithm => ({
      client_id: `tongdian-${algorithm}`, client_secret: 'a secret: with & signs%', redirect_uris: [callback],
      id_token_signed_response_alg: algorithm, token_endpoint_auth_method: 'client_secret_basic',
    })),
    jwks: {keys: [jwk('rsa', {modulusLength: 2048}, {kid: 'r1', alg: 'RS256'}), jwk('ec', {namedCurve: 'P-256'}, {kid: 'e1', alg: 'ES256'})]},
    claims: {openid: ['sub'], profile: ['name', 'groups']},
    conformIdTokenClaims: false,
    cookies: {keys: ['only for this test']},
    pkce: {required: () => true},
    findAccount: (_, sub) => ({accountId: sub, claims: () => Object.values(people).find(each => each.sub === sub)}),
  });
  handler.now = made.callback();
  return {server, handler, made};
}

/** A browser as far as this needs one: cookies by host, one step at a time. */
class Browser {
  jar = new Map();
  async go(url, options = {}) {
    const {host, pathname} = new URL(url);
    const mine = [...this.jar.values()].filter(each => each.host === host && pathname.startsWith(each.path));
    const headers = {...options.headers, Cookie: mine.map(each => `${each.name}=${each.value}`).join('; ')};
    const response = await fetch(url, {redirect: 'manual', ...options, headers});
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split('; ');
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const path = rest.find(each => /^path=/i.test(each))?.slice(5) ?? '/';
      this.jar.set(`${host} ${path} ${name}`, {host, name, value, path});
    }
    const location = response.headers.get('location');
    return {status: response.status, text: await response.text(), headers: response.headers, to: location && new URL(location, url).href};
  }
  /** Through the provider's pages as `user`, to the address that it sends the browser back to. */
  async throughProvider(url, user) {
    for (let step = 0; step < 20; ++step) {
      if (!url.startsWith(issuer)) return url;
      let answer = await this.go(url);
      if (answer.status === 200) {
        const form = answer.text.match(/action="([^"]+)"/)[1];
        const body = answer.text.includes('name="login"') ? `prompt=login&login=${people[user].sub}&password=x` : 'prompt=consent';
        answer = await this.go(new URL(form, url).href, {method: 'POST', body, headers: {'Content-Type': 'application/x-www-form-urlencoded'}});
      }
      assert.ok(answer.to, `${url} leads on: ${answer.status} ${answer.text.slice(0, 300)}`);
      url = answer.to;
    }
    throw new Error('the provider goes round in circles');
  }
  async start(to = '/desk') {
    const answer = await this.go(`${program.url}/api/v1/oidc/start?to=${encodeURIComponent(to)}`);
    assert.equal(answer.status, 303, answer.text);
    return answer.to;
  }
  async signIn(user, to) {
    return this.go(await this.throughProvider(await this.start(to), user));
  }
  /** Who one is here now. */
  async session() {
    const answer = await this.go(`${program.url}/api/v1/session`);
    return answer.status === 200 ? JSON.parse(answer.text) : answer.status;
  }
}

const refusal = answer => new URL(answer.to).searchParams.get('refused');

async function serve(algorithm, port) {
  writeFileSync(join(folder, 'secret'), 'a secret: with & signs%\n', {mode: 0o600});
  writeFileSync(join(folder, 'oidc.yaml'), `issuer: ${issuer}
client_id: tongdian-${algorithm}
client_secret_file: secret
redirect: http://127.0.0.1:${port}/api/v1/oidc/return
name: {zh: 市统一身份认证, en: City single sign-on}
accounts: {s-li: li.na, s-sun: sun}
claim: groups
groups:
  power-clerks: {roles: [clerk], areas: ['370602']}
`);
  await program.serve('--port', String(port), '--oidc', join(folder, 'oidc.yaml'));
}

/** A port that is free now: the provider has to know our address before we listen. */
async function freePort() {
  const server = await listen({});
  const {port} = server.address();
  await new Promise(done => server.close(done));
  return port;
}

let port;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tongdian-oidc-'));
  port = await freePort();
  provider = await startProvider(`http://127.0.0.1:${port}/api/v1/oidc/return`);
  program = await Program.start();
  program.addAccount('li.na', 'manager', password);
  program.addAccount('sun', 'clerk', password);
  program.addAccount('root', 'admin', password);
  await serve('RS256', port);
});
after(async () => {
  assert.equal(await program.stop(), 0, program.said);
  provider.server.closeAllConnections();
  await new Promise(done => provider.server.close(done));
  rmSync(folder, {recursive: true, force: true});
});

test('the button has a name, and leads to the provider with PKCE, state and nonce', async () => {
  assert.deepEqual((await program.ask('GET', '/api/v1/oidc')).json.name.zh, '市统一身份认证');
  const to = new URL(await new Browser().start());
  assert.equal(to.origin, issuer);
  for (const name of ['state', 'nonce', 'code_challenge']) assert.ok(to.searchParams.get(name).length >= 32, name);
  assert.equal(to.searchParams.get('code_challenge_method'), 'S256');
});

test('an account that the configuration names; a group that it knows; nobody that it does not', async () => {
  const li = new Browser();
  const back = await li.signIn('li.na', '/desk/case/TD-1');
  assert.equal(back.status, 303);
  assert.equal(back.to, `${program.url}/desk/case/TD-1`);
  assert.deepEqual((await li.session()).roles, ['manager']);
  const wang = new Browser();
  await wang.signIn('wang');
  const who = await wang.session();
  assert.deepEqual([who.name, who.roles, who.areas], ['王伟', ['clerk'], ['370602']]);
  const zhao = new Browser();
  assert.equal(refusal(await zhao.signIn('zhao')), 'identity.oidc_unknown');
  assert.equal(await zhao.session(), 401);
});

test('what the sign-on decides is not changed here: the next sign-in would take it back', async () => {
  const {randomUUID} = await import('node:crypto');
  const {sessionOf} = await import('./program.mjs');
  const signedIn = await program.ask('POST', '/api/v1/session', {body: {user: 'root', password}});
  const session = sessionOf(signedIn, signedIn.json.csrf);
  const {accounts} = (await program.ask('GET', '/api/v1/accounts', {session})).json;
  const wang = accounts.find(each => each.name === '王伟');
  const change = body => program.ask('POST', `/api/v1/accounts/${wang.id}/changes`, {body: {roles: [], areas: [], enterprises: [], second_factor: false, ...body}, session, headers: {'Idempotency-Key': randomUUID()}});
  for (const body of [{kind: 'authority', roles: ['manager']}, {kind: 'reset'}]) {
    const said = await change(body);
    assert.deepEqual([said.status, said.json.code], [422, 'identity.from_single_sign_on'], said.text);
  }
  // To take away for good needs nobody, and no sign-in undoes it.
  assert.equal((await change({kind: 'disable'})).status, 201);
  const isDisabled = async () => (await program.ask('GET', '/api/v1/accounts', {session})).json.accounts.find(each => each.id === wang.id).disabled;
  for (let i = 0; i < 200 && !(await isDisabled()); ++i) await new Promise(done => setTimeout(done, 50));
  const again = new Browser();
  assert.equal(refusal(await again.signIn('wang')), 'identity.disabled');
});

test('a disabled account stays outside', async () => {
  const {run} = await import('./program.mjs');
  run(['user', 'disable', ...program.place, 'sun']);
  const sun = new Browser();
  assert.equal(refusal(await sun.signIn('sun')), 'identity.disabled');
  assert.equal(await sun.session(), 401);
});

test('where one goes afterwards is a page of ours', async () => {
  for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])
    assert.equal((await new Browser().signIn('li.na', to)).to, `${program.url}/desk`, to);
});

test('the way back is for the browser that set out, once, with its own state', async () => {
  const li = new Browser();
  const address = await li.throughProvider(await li.start(), 'li.na');
  const victim = new Browser();
  assert.equal(refusal(await victim.go(address)), 'identity.oidc_stale', 'an address that somebody sent');
  assert.equal(await victim.session(), 401);
  await victim.start();
  assert.equal(refusal(await victim.go(address)), 'identity.oidc_stale', 'another sign-in’s state');
  const ticket = [...li.jar].find(([key]) => key.endsWith(' tongdian_oidc'));
  assert.equal((await li.go(address)).to, `${program.url}/desk`);
  assert.equal(refusal(await li.go(address)), 'identity.oidc_stale', 'the ticket is gone');
  li.jar.set(...ticket);
  assert.equal(refusal(await li.go(address)), 'identity.oidc_refused', 'the code was used');
  const cancelled = new Browser();
  const to = new URL(await cancelled.start());
  assert.equal(refusal(await cancelled.go(`${program.url}/api/v1/oidc/return?error=access_denied&state=${to.searchParams.get('state')}`)), 'identity.oidc_refused');
});

test('a session from before is not the one from after', async () => {
  const li = new Browser();
  li.jar.set('planted', {host: new URL(program.url).host, name: 'tongdian_session', value: 'planted', path: '/'});
  const back = await li.signIn('li.na');
  const session = sessionOf(back, '');
  assert.doesNotMatch(session.cookie, /planted/);
  assert.match(session.attributes, /HttpOnly; SameSite=Strict/);
});

test('a provider that answers with another issuer, nonsense, too much, or not at all', async () => {
  const real = provider.handler.now;
  const data = program.data;
  const answers = {
    'identity.oidc_bad_answer': [
      (_, response) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify({issuer: 'https://another.example', authorization_endpoint: 'x', token_endpoint: 'x', jwks_uri: 'x'})),
      (_, response) => response.end('<html>'),
      (_, response) => response.writeHead(302, {Location: 'http://127.0.0.1:1/'}).end(),
    ],
    'peer.too_large': [(_, response) => response.end('x'.repeat(2 << 20))],
    'peer.unreachable': [(request) => request.socket.destroy()],
  };
  const ended = new Promise(done => program.process.on('exit', done));
  program.process.kill('SIGTERM');
  await ended;
  program.data = data;
  await serve('ES256', port);  // what discovery said is forgotten
  for (const [code, handlers] of Object.entries(answers))
    for (const handler of handlers) {
      provider.handler.now = handler;
      const answer = await new Browser().go(`${program.url}/api/v1/oidc/start`);
      assert.equal(refusal(answer), code);
    }
  provider.handler.now = real;
  const li = new Browser();
  await li.signIn('li.na');
  assert.equal((await li.session()).user.length > 0, true, 'ES256, after all that');
});
