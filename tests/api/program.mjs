// The program under test: started on a new data folder and a free port, asked over HTTP, stopped again.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

const program = process.env.TONGDIAN ?? new URL('../../build/tongdian', import.meta.url).pathname;

/** TONGDIAN_STORE=postgresql: each program gets a private server of its own, gone with it. */
const onPostgres = process.env.TONGDIAN_STORE === 'postgresql';

async function startPostgres() {
  const server = spawn('python3', [new URL('../postgres.py', import.meta.url).pathname], {stdio: ['pipe', 'pipe', 'inherit']});
  const address = await new Promise((resolve, reject) => {
    createInterface(server.stdout).once('line', resolve);
    server.once('exit', code => reject(new Error(`tests/postgres.py exited ${code}`)));
  });
  return {server, address};
}

/** A command that ends by itself: its standard output. */
export function run(args, input = '') {
  const done = spawnSync(program, args, {input, encoding: 'utf8'});
  if (done.status !== 0) throw new Error(`tongdian ${args.join(' ')} exited ${done.status}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

export class Program {
  static async start() {
    const self = new Program();
    self.data = mkdtempSync(join(tmpdir(), 'tongdian-api-'));
    if (onPostgres) self.postgres = await startPostgres();
    return self;
  }

  /** Where the city lies, as every command wants to know. */
  get place() {
    return ['--data', this.data, ...(this.postgres ? ['--store', this.postgres.address] : [])];
  }

  /** A staff account, made where the first one always is made: on the command line. */
  addAccount(user, role, password, more = []) {
    run(['user', 'add', ...this.place, '--role', role, ...more, user], password + '\n');
  }

  /** Codes to phones go to the log, where `phoneCode` reads them. */
  async serve(...more) {
    this.process = spawn(program, ['serve', ...this.place, ...(more.includes('--port') ? [] : ['--port', '0']), '--codes', 'log', ...more], {stdio: ['ignore', 'pipe', 'pipe']});
    this.said = '';
    this.url = await new Promise((resolve, reject) => {
      const listen = chunk => {
        this.said += chunk;
        const found = this.said.match(/listening on (http:\/\/\S+)/);
        if (found) resolve(found[1]);
      };
      this.process.stdout.on('data', listen);
      this.process.stderr.on('data', listen);
      this.process.on('exit', code => reject(new Error(`tongdian serve exited ${code}: ${this.said}`)));
    });
  }

  /** The newest code that went to this phone. */
  async phoneCode(phone) {
    const before = this.said.length;
    const asked = await this.ask('POST', '/api/v1/phone-codes', {body: {phone}});
    if (asked.status !== 202) throw new Error(`no code for ${phone}: ${asked.text}`);
    for (let i = 0; i < 200; ++i) {
      const found = this.said.slice(before).match(new RegExp(`code for phone ${phone} is (\\d{6})`));
      if (found) return found[1];
      await new Promise(done => setTimeout(done, 50));
    }
    throw new Error(`no code for ${phone} in the log`);
  }

  /** A customer's session by phone and code. */
  async phoneSession(phone) {
    const answer = await this.ask('POST', '/api/v1/phone-session', {body: {phone, code: await this.phoneCode(phone)}});
    return sessionOf(answer, answer.json.csrf);
  }

  /** Ends by SIGTERM, as a service manager would; the exit code. */
  async stop() {
    const ended = new Promise(resolve => this.process.on('exit', resolve));
    this.process.kill('SIGTERM');
    const code = await ended;
    rmSync(this.data, {recursive: true, force: true});
    if (this.postgres) {
      this.postgres.server.stdin.end();
      await once(this.postgres.server, 'exit');
    }
    return code;
  }

  /** The status and the code of an answer that may go on for ever. */
  async outcome(method, path, {body, headers = {}, session} = {}) {
    const controller = new AbortController();
    const fields = {...headers, ...(session?.key ? {Authorization: `Bearer ${session.key}`} : session ? {Cookie: session.cookie, 'X-CSRF-Token': session.csrf} : {})};
    if (body !== undefined) fields['Content-Type'] = 'application/json';
    const response = await fetch(this.url + path, {method, redirect: 'manual', headers: fields, body: body === undefined ? undefined : JSON.stringify(body), signal: controller.signal});
    const endless = response.headers.get('content-type') === 'text/event-stream';
    const text = endless ? '' : await response.text();
    if (endless) controller.abort();
    const json = text.startsWith('{') ? JSON.parse(text) : {};
    return {status: response.status, code: json.code ?? '', json};
  }

  /** One request: {status, type, text, json, headers}. `body` is JSON unless it is a string already. */
  async ask(method, path, {body, headers = {}, session} = {}) {
    const fields = {...headers};
    if (body !== undefined && !('Content-Type' in fields)) fields['Content-Type'] = 'application/json';
    if (session) {
      fields.Cookie = session.cookie;
      if (method !== 'GET' && !('X-CSRF-Token' in fields)) fields['X-CSRF-Token'] = session.csrf;
    }
    const response = await fetch(this.url + path, {
      method, headers: fields, redirect: 'manual',
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    return {status: response.status, type, text, headers: response.headers, json: type?.includes('json') ? JSON.parse(text) : undefined};
  }
}

/** The session that an answer opened. */
export function sessionOf(answer, csrf) {
  const cookie = answer.headers.getSetCookie().find(each => each.startsWith('tongdian_session='));
  return {cookie: cookie.split(';')[0], csrf, attributes: cookie};
}
