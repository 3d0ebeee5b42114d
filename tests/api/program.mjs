// The program under test: started on a new data folder and a free port, asked over HTTP, stopped again.
import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const program = process.env.TONGDIAN ?? new URL('../../build/tongdian', import.meta.url).pathname;

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
    return self;
  }

  /** A staff account, made where the first one always is made: on the command line. */
  addAccount(user, role, password) {
    run(['user', 'add', '--data', this.data, '--role', role, user], password + '\n');
  }

  async serve() {
    this.process = spawn(program, ['serve', '--data', this.data, '--port', '0'], {stdio: ['ignore', 'pipe', 'pipe']});
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

  /** Ends by SIGTERM, as a service manager would; the exit code. */
  async stop() {
    const ended = new Promise(resolve => this.process.on('exit', resolve));
    this.process.kill('SIGTERM');
    const code = await ended;
    rmSync(this.data, {recursive: true, force: true});
    return code;
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
