// The test of the test: what the conformance test would have to notice is planted, and noticed.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Contract, differences} from './contract.mjs';

const small = new Contract(`
openapi: 3.1.0
x-public-operations: [getThing]
paths:
  /thing/{id}:
    get:
      operationId: getThing
      responses:
        '200': {headers: {Age: {}}, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        default: {$ref: '#/components/responses/Problem'}
    delete:
      operationId: dropThing
      x-roles: [clerk, admin]
      responses:
        '204': {description: gone}
components:
  responses:
    Problem: {content: {application/problem+json: {schema: {type: object, required: [status]}}}}
  schemas:
    Thing: {type: object, additionalProperties: false, required: [name], properties: {name: {type: string}}}
`);

const routes = [
  {method: 'GET', path: '/thing/{id}', access: ['public']},
  {method: 'DELETE', path: '/thing/{id}', access: ['admin', 'clerk']},
];

test('a table that agrees has no differences', () => assert.deepEqual(differences(small.operations, routes), []));

test('a route without a contract, a contract without a route, another access: each is named', () => {
  const extra = [...routes, {method: 'POST', path: '/thing', access: ['public']}];
  assert.match(differences(small.operations, extra).join(), /POST \/thing is in the server and not/);
  assert.match(differences(small.operations, routes.slice(1)).join(), /GET \/thing\/\{id\} is in the contract and not/);
  const open = [routes[0], {...routes[1], access: ['public']}];
  assert.match(differences(small.operations, open).join(), /admits public in the server and admin,clerk/);
});

test('an answer that is not as promised is named', () => {
  const get = small.operation('getThing');
  const say = (status, body, type = 'application/json') => small.complaints(get, {status, type, text: JSON.stringify(body)}).join();
  assert.equal(say(200, {name: 'a'}), '');
  assert.match(say(200, {}), /required property 'name'/);
  assert.match(say(200, {name: 'a', more: 1}), /must NOT have additional properties/);
  assert.match(say(200, {name: 'a'}, 'text/html'), /content type/);
  assert.match(say(201, {name: 'a'}), /status 201 is not in the contract/);
  assert.equal(say(404, {status: 404}, 'application/problem+json'), '');
  assert.match(say(404, {status: 500}, 'application/problem+json'), /\/status is 500/);
  const answer = headers => ({status: 200, type: 'application/json', text: '{"name":"a"}', headers: new Headers(headers)});
  assert.deepEqual(small.complaints(get, answer({Age: '1'})), []);
  assert.match(small.complaints(get, answer({})).join(), /no header Age/);
  assert.match(small.complaints(small.operation('dropThing'), {status: 204, text: 'x'}).join(), /a body where/);
});

test("the contract's own examples are as its schemas say", () => assert.deepEqual(Contract.load().wrongExamples(), []));
