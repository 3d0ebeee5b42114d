// api/openapi.yaml as a thing to ask: which operations it has, who may call them, and whether an answer is as it says.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

// The checkers are the web's development dependencies; nothing else of the web is needed here.
const require = createRequire(new URL('../../web/package.json', import.meta.url));
const {parse} = require('yaml');
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

const methods = ['get', 'post', 'put', 'patch', 'delete'];

const pointerTo = (...keys) => '#' + keys.map(key => '/' + encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))).join('');

export class Contract {
  constructor(text) {
    this.document = parse(text);
    this.ajv = new Ajv({strict: false, allErrors: true});
    addFormats(this.ajv);
    this.ajv.addSchema(this.document, 'contract');
    this.operations = [];
    for (const [path, item] of Object.entries(this.document.paths))
      for (const method of methods)
        if (item[method]) this.operations.push(this.#operation(path, method, item));
  }

  static load(url = new URL('../../api/openapi.yaml', import.meta.url)) {
    return new Contract(readFileSync(url, 'utf8'));
  }

  /** What `node` stands for, and the keys that lead to it. */
  #resolve(node, keys) {
    if (!node?.$ref) return [node, keys];
    const target = node.$ref.slice(2).split('/').map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    return this.#resolve(target.reduce((at, key) => at[key], this.document), target);
  }

  #operation(path, method, item) {
    const operation = item[method];
    const keys = ['paths', path, method];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(each => this.#resolve(each, [])[0]);
    const isPublic = this.document['x-public-operations'].includes(operation.operationId);
    return {
      id: operation.operationId, path, method: method.toUpperCase(), parameters,
      access: isPublic ? ['public'] : [...(operation['x-roles'] ?? [])].sort(),
      examples: this.#requestExamples(operation),
      hasBody: Boolean(operation.requestBody?.content['application/json']),
      responses: Object.fromEntries(Object.entries(operation.responses).map(
        ([status, response]) => [status, this.#resolve(response, [...keys, 'responses', status])])),
    };
  }

  #requestExamples(operation) {
    const content = operation.requestBody?.content['application/json'];
    if (!content) return {};
    if (content.example) return {example: content.example};
    return Object.fromEntries(Object.entries(content.examples ?? {}).map(([name, each]) => [name, this.#resolve(each, [])[0].value]));
  }

  operation(id) {
    const found = this.operations.find(each => each.id === id);
    if (!found) throw new Error(`the contract has no operation ${id}`);
    return found;
  }

  /** What an answer {status, type, text, headers} lacks to be what the contract says of the operation; empty when it is. */
  complaints(operation, answer) {
    const found = operation.responses[answer.status] ?? (answer.status >= 400 ? operation.responses.default : undefined);
    if (!found) return [`status ${answer.status} is not in the contract`];
    const [response, keys] = found;
    for (const name of Object.keys(response.headers ?? {}))
      if (answer.headers && !answer.headers.has(name)) return [`no header ${name}`];
    if (!response.content) return answer.text === '' ? [] : ['a body where the contract has none'];
    const [type] = Object.keys(response.content);
    if (answer.type?.split(';')[0] !== type) return [`content type ${answer.type} where the contract says ${type}`];
    if (!type.includes('json')) return []; // a file or a stream: only that it is one
    let value;
    try {
      value = JSON.parse(answer.text);
    } catch (error) {
      return [`the body is not JSON: ${error.message}`];
    }
    const validate = this.ajv.getSchema('contract' + pointerTo(...keys, 'content', type, 'schema'));
    const complaints = validate(value) ? [] : validate.errors.map(error => `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
    if (answer.status >= 400 && value.status !== answer.status) complaints.push(`/status is ${value.status} under HTTP ${answer.status}`);
    return complaints;
  }

  /** Every example of an answer in the contract that the contract's own schema refuses. */
  wrongExamples() {
    const wrong = [];
    for (const operation of this.operations)
      for (const [status, [response]] of Object.entries(operation.responses))
        for (const [type, content] of Object.entries(response.content ?? {})) {
          const examples = content.example ? [content.example] : Object.values(content.examples ?? {}).map(each => this.#resolve(each, [])[0].value);
          for (const example of examples) {
            // A problem's example carries a status of its own.
            const seen = status === 'default' || type === 'application/problem+json' ? example.status : Number(status);
            const [shown] = this.complaints({responses: {[seen]: operation.responses[status]}}, {status: seen, type, text: JSON.stringify(example)});
            if (shown) wrong.push(`${operation.id} ${status}: ${shown}`);
          }
        }
    return wrong;
  }
}

/** Where the server's table of routes [{method, path, access}] and the contract differ, each as a sentence. */
export function differences(operations, routes) {
  const key = each => `${each.method} ${each.path}`;
  const served = new Map(routes.map(route => [key(route), route]));
  const promised = new Map(operations.map(operation => [key(operation), operation]));
  const out = [];
  for (const [name, operation] of promised) {
    const route = served.get(name);
    if (!route) out.push(`${name} is in the contract and not in the server`);
    else if ([...route.access].sort().join() !== operation.access.join())
      out.push(`${name} admits ${[...route.access].sort()} in the server and ${operation.access} in the contract`);
  }
  for (const name of served.keys())
    if (!promised.has(name)) out.push(`${name} is in the server and not in the contract`);
  return out;
}
