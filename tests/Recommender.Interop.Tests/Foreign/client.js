// Drives a server of ours from @grpc/grpc-js: client.js PORT TRANSPORT DESCRIPTORS CERTIFICATE. One line of JSON a check.
'use strict';
const assert = require('assert');
const grpc = require('@grpc/grpc-js');
const interop = require('./interop');

const [port, transport, descriptors, certificate] = process.argv.slice(2);
const { root, definitions } = interop.load(descriptors);
const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
const connect = (Service, options) => interop.client(Service, port, transport, certificate, options);
const probe = connect(root.interop.v1.Probe, unlimited);
const health = connect(root.grpc.health.v1.Health, unlimited);
const LIMIT = 8 << 20;
const checks = [];
const check = (name, run) => checks.push([name, run]);
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

// A unary call (or one with a stream of requests): its answer or error, its headers and its status.
function call(client, method, request, { metadata = new grpc.Metadata(), options = {}, requests, started } = {}) {
  return new Promise(resolve => {
    const got = {};
    const done = () => { if ('error' in got && got.status) resolve(got); };
    const callback = (error, response) => { Object.assign(got, { error, response }); done(); };
    const running = requests ? client[method](metadata, options, callback) : client[method](request, metadata, options, callback);
    running.on('metadata', headers => { got.headers = headers; });
    running.on('status', status => { got.status = status; done(); });
    for (const each of requests ?? []) running.write(each);
    if (requests) running.end();
    started?.(running);
  });
}

// A stream of answers, to its end.
function read(running, onData) {
  return new Promise(resolve => {
    const got = [];
    running.on('data', message => { got.push(message); onData?.(message, got.length); });
    running.on('error', () => {});
    running.on('status', status => setImmediate(() => resolve({ got, status })));
  });
}

async function until(condition) {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await sleep(50);
  }
  assert.fail('it did not happen within ten seconds');
}

async function cancelledSleeps() {
  return (await call(probe, 'CancelledSleeps', {})).response.value;
}

check('unary', async () => {
  const { response } = await call(probe, 'Echo', { payload: Buffer.from('abc') });
  assert.equal(response.payload.toString(), 'abc');
});

check('payloads of every size', async () => {
  for (const size of [0, 1, 1000, 70000, 1 << 20, 5 << 20]) {
    const payload = Buffer.alloc(size, 'abcdefg');
    const { response, error } = await call(probe, 'Echo', { payload });
    assert.ok(!error && Buffer.compare(response.payload, payload) === 0, `${size}: ${error}`);
  }
});

check('server stream', async () => {
  const { got, status } = await read(probe.Numbers({ count: 100 }));
  assert.deepEqual([got.map(number => number.value), status.code], [[...Array(100).keys()], 0]);
  assert.equal((await read(probe.Numbers({ count: 0 }))).got.length, 0);
});

check('client stream', async () => {
  const { response } = await call(probe, 'Sum', null, { requests: [...Array(1000).keys()].map(value => ({ value })) });
  assert.equal(response.value, 499500);
  assert.equal((await call(probe, 'Sum', null, { requests: [] })).response.value, 0);
});

check('duplex stream', async () => {
  const chat = probe.Chat();
  const reading = read(chat, (_, count) => count < 50 ? chat.write({ payload: Buffer.from(`${count}`) }) : chat.end());
  chat.write({ payload: Buffer.from('0') });
  const { got, status } = await reading;
  assert.deepEqual([got.map(message => message.payload.toString()), status.code], [[...Array(50).keys()].map(String), 0]);
});

check("request over the server's limit", async () => {
  const { error } = await call(probe, 'Echo', { payload: Buffer.alloc(LIMIT + 1, 'x') });
  assert.equal(error.code, grpc.status.RESOURCE_EXHAUSTED, error.details);
});

check("compressed request over the server's limit", async () => {
  const zipping = connect(root.interop.v1.Probe, { ...unlimited, ...interop.GZIP });
  const { error } = await call(zipping, 'Echo', { payload: Buffer.alloc(LIMIT + 1) });
  zipping.close();
  assert.equal(error.code, grpc.status.RESOURCE_EXHAUSTED, error.details);
});

check('compressed request', async () => {
  const zipping = connect(root.interop.v1.Probe, { ...unlimited, ...interop.GZIP });
  const payload = Buffer.alloc(300000, 'abc');
  assert.equal(Buffer.compare((await call(zipping, 'Echo', { payload })).response.payload, payload), 0);
  assert.equal((await call(zipping, 'Sum', null, { requests: Array(100).fill({ value: 1 }) })).response.value, 100);
  zipping.close();
});

check("response over the client's limit", async () => {
  const small = connect(root.interop.v1.Probe, { 'grpc.max_receive_message_length': 1000 });
  const { error } = await call(small, 'Grow', { value: 5000 });
  small.close();
  assert.equal(error.code, grpc.status.RESOURCE_EXHAUSTED, error.details);
});

check('deadline', async () => {
  const before = await cancelledSleeps();
  const { error } = await call(probe, 'Sleep', { value: 20000 }, { options: { deadline: Date.now() + 200 } });
  assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED, error.details);
  await until(async () => await cancelledSleeps() === before + 1);
});

check('cancellation', async () => {
  const before = await cancelledSleeps();
  const { error } = await call(probe, 'Sleep', { value: 20000 }, { started: running => setTimeout(() => running.cancel(), 300) });
  assert.equal(error.code, grpc.status.CANCELLED);
  await until(async () => await cancelledSleeps() === before + 1);
});

check('deadline of a stream', async () => {
  const { got, status } = await read(probe.Numbers({ count: 1000, pause_ms: 50 }, { deadline: Date.now() + 500 }));
  assert.equal(status.code, grpc.status.DEADLINE_EXCEEDED);
  assert.ok(got.length >= 1 && got.length <= 11, `${got.length}`);
});

check('cancellation of a stream', async () => {
  const numbers = probe.Numbers({ count: 1000, pause_ms: 50 });
  const { status } = await read(numbers, () => numbers.cancel());
  assert.equal(status.code, grpc.status.CANCELLED);
});

check('every status code', async () => {
  for (let code = 1; code < 17; code++) {
    const { error } = await call(probe, 'Fail', { value: code });
    assert.deepEqual([error.code, error.details], [code, interop.FAILURE]);
  }
});

check('trailers of an error', async () => {
  const { error } = await call(probe, 'Fail', { value: 9 });
  assert.deepEqual(error.metadata.get('x-trailer'), ['t']);
  assert.deepEqual(error.metadata.get('x-trailer-bin'), [Buffer.from([0, 1, 255])]);
});

check("an exception's text stays on the server", async () => {
  const { error } = await call(probe, 'Throw', {});
  assert.equal(error.code, grpc.status.UNKNOWN);
  assert.ok(!error.details.includes('secret'), error.details);
});

check('error details', async () => {
  const { error } = await call(probe, 'Details', {});
  assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
  const bytes = error.metadata.get('grpc-status-details-bin')[0];
  const status = definitions['google.rpc.Status'].deserialize(bytes);
  assert.deepEqual([status.code, status.message], [3, error.details]);
  const detail = definitions['google.rpc.BadRequest'].deserialize(status.details[0].value);
  assert.deepEqual(detail.field_violations.map(each => [each.field, each.description]), [['count', 'must be 1 to 10000, got 0']]);
});

check('metadata', async () => {
  const metadata = new grpc.Metadata();
  metadata.set('x-in', 'v');
  metadata.set('x-in-bin', Buffer.from([0, 255, 16]));
  const { response, headers, status } = await call(probe, 'Headers', {}, { metadata, options: { deadline: Date.now() + 10000 } });
  const seen = interop.toMap(response.headers);
  assert.deepEqual([seen['x-in'], seen['x-in-bin']], ['v', '00FF10']);
  assert.deepEqual([headers.get('x-head'), headers.get('x-head-bin')], [['h'], [Buffer.from([1, 2, 3, 4])]]);
  assert.deepEqual([status.metadata.get('x-trail'), status.metadata.get('x-trail-bin')], [['t'], [Buffer.from([9, 8, 7])]]);
  assert.ok(response.seconds_left > 5 && response.seconds_left <= 10.1, `${response.seconds_left}`);
});

check('what is not there', async () => {
  assert.equal((await call(probe, 'Missing', {})).error.code, grpc.status.UNIMPLEMENTED);
  for (const path of ['/interop.v1.Probe/Nothing', '/no.Service/Nothing']) {
    const error = await new Promise(resolve => probe.makeUnaryRequest(path, bytes => bytes, bytes => bytes, Buffer.alloc(0), resolve));
    assert.equal(error.code, grpc.status.UNIMPLEMENTED);
  }
});

check('a message that is none', async () => {
  const garbage = Buffer.from([255, 255, 255]);
  const error = await new Promise(resolve =>
    probe.makeUnaryRequest('/interop.v1.Probe/Echo', bytes => bytes, bytes => bytes, garbage, resolve));
  assert.ok([grpc.status.INTERNAL, grpc.status.UNKNOWN].includes(error.code), error.details);
});

check('many calls at once', async () => {
  const answers = await Promise.all([...Array(2000).keys()].map(i => call(probe, 'Echo', { payload: Buffer.from(`${i}`) })));
  assert.ok(answers.every((answer, i) => answer.response?.payload.toString() === `${i}`));
});

check('keep-alive pings', async () => {
  const pinging = connect(root.interop.v1.Probe, { 'grpc.keepalive_time_ms': 300, 'grpc.keepalive_permit_without_calls': 1 });
  const { got, status } = await read(pinging.Numbers({ count: 2, pause_ms: 1500 }));
  pinging.close();
  assert.deepEqual([got.length, status.code], [2, 0]);
});

check('health', async () => {
  assert.equal((await call(health, 'Check', {})).response.status, 1);
  assert.equal((await call(health, 'Check', { service: 'interop.v1.Probe' })).response.status, 1);
  assert.equal((await call(health, 'Check', { service: 'no.Service' })).error.code, grpc.status.NOT_FOUND);
  const statuses = interop.toMap((await call(health, 'List', {})).response.statuses);
  assert.equal(statuses['interop.v1.Probe'].status, 1);
});

check('health changes', async () => {
  await call(probe, 'SetHealth', { serving: true });
  const watch = health.Watch({ service: 'switched' });
  const seen = [];
  await read(watch, async message => {
    seen.push(message.status);
    if (seen.length === 1) await call(probe, 'SetHealth', { serving: false });
    else watch.cancel();
  });
  assert.deepEqual(seen, [1, 2]);
  const unknown = health.Watch({ service: 'no.Service' });
  assert.equal((await read(unknown, () => unknown.cancel())).got[0].status, 3);
});

async function reflect(version) {
  const reflection = connect(root.grpc.reflection[version].ServerReflection, unlimited);
  const asking = reflection.ServerReflectionInfo();
  const reading = read(asking);
  for (const question of [
    { list_services: '' }, { file_containing_symbol: 'interop.v1.Probe.Echo' }, { file_containing_symbol: 'no.such.Symbol' },
    { file_by_filename: 'probe.proto' }, { all_extension_numbers_of_type: 'interop.v1.Message' }]) asking.write(question);
  asking.end();
  const [listed, found, missing, file, numbers] = (await reading).got;
  reflection.close();
  const names = listed.list_services_response.service.map(service => service.name);
  for (const name of ['interop.v1.Probe', 'grpc.health.v1.Health', `grpc.reflection.${version}.ServerReflection`]) {
    assert.ok(names.includes(name), name);
  }
  // A client made of nothing but what reflection says.
  const dynamic = interop.loadFiles(found.file_descriptor_response.file_descriptor_proto).root;
  const made = connect(dynamic.interop.v1.Probe, unlimited);
  assert.equal((await call(made, 'Echo', { payload: Buffer.from('made') })).response.payload.toString(), 'made');
  made.close();
  assert.equal(missing.error_response.error_code, 5);
  assert.equal(file.file_descriptor_response.file_descriptor_proto.length, 1);
  assert.equal(numbers.all_extension_numbers_response.base_type_name, 'interop.v1.Message');
}

check('reflection v1', () => reflect('v1'));
check('reflection v1alpha', () => reflect('v1alpha'));

(async () => {
  for (const [name, run] of checks) {
    try {
      await run();
      interop.say({ check: name, ok: true });
    } catch (error) {
      interop.say({ check: name, ok: false, why: error.stack });
    }
  }
  process.exit(0);
})();
