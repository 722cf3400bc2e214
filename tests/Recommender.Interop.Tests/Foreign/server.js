// A server on @grpc/grpc-js for our client: server.js TRANSPORT DESCRIPTORS CERTIFICATE KEY. Says its port, ends with its input.
'use strict';
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const interop = require('./interop');

const [transport, descriptors, certificate, key] = process.argv.slice(2);
const { root, definitions } = interop.load(descriptors);
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
let cancelled = 0;

function metadata(text, bytes, name) {
  const made = new grpc.Metadata();
  made.set(name, text);
  made.set(name + '-bin', Buffer.from(bytes));
  return made;
}

const handlers = {
  Echo: (call, answer) => answer(null, call.request),
  Grow: (call, answer) => answer(null, { payload: Buffer.alloc(call.request.value) }),
  Fail: (call, answer) => answer({ code: call.request.value, details: interop.FAILURE, metadata: metadata('t', [0, 1, 255], 'x-trailer') }),
  Throw: (call, answer) => answer(new Error('a secret')),

  Details(call, answer) {
    const violation = { field: 'count', description: 'must be 1 to 10000, got 0' };
    const detail = definitions['google.rpc.BadRequest'].serialize({ field_violations: [violation] });
    const message = 'count: must be 1 to 10000, got 0';
    const any = { type_url: 'type.googleapis.com/google.rpc.BadRequest', value: detail };
    const trailers = new grpc.Metadata();
    trailers.set('grpc-status-details-bin', definitions['google.rpc.Status'].serialize({ code: 3, message, details: [any] }));
    answer({ code: 3, details: message, metadata: trailers });
  },

  Sleep(call, answer) {
    const timer = setTimeout(() => answer(null, {}), call.request.value);
    call.on('cancelled', () => { clearTimeout(timer); cancelled++; });
  },

  CancelledSleeps: (call, answer) => answer(null, { value: cancelled }),

  Headers(call, answer) {
    call.sendMetadata(metadata('h', [1, 2, 3, 4], 'x-head'));
    const headers = {};
    for (const name of Object.keys(call.metadata.getMap())) {
      const value = call.metadata.get(name)[0];
      headers[name] = Buffer.isBuffer(value) ? value.toString('hex').toUpperCase() : value;
    }
    answer(null, { headers: interop.toEntries(headers), seconds_left: (call.getDeadline() - Date.now()) / 1000 }, metadata('t', [9, 8, 7], 'x-trail'));
  },

  async Numbers(call) {
    for (let value = 0; value < call.request.count && !call.cancelled; value++) {
      call.write({ value });
      if (call.request.pause_ms) await sleep(call.request.pause_ms);
    }
    call.end();
  },

  Sum(call, answer) {
    let sum = 0;
    call.on('data', number => { sum += number.value; });
    call.on('end', () => answer(null, { value: sum }));
  },

  Chat(call) {
    call.on('data', message => call.write(message));
    call.on('end', () => call.end());
  },
};

const server = new grpc.Server({
  'grpc.max_receive_message_length': 8 << 20,
  'grpc.max_send_message_length': -1,
  ...(transport === 'gzip' ? interop.GZIP : {}),
});
server.addService(root.interop.v1.Probe.service, handlers);
const credentials = transport === 'tls'
  ? grpc.ServerCredentials.createSsl(null, [{ private_key: fs.readFileSync(key), cert_chain: fs.readFileSync(certificate) }])
  : grpc.ServerCredentials.createInsecure();
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error) throw error;
  interop.say({ port });
});
process.stdin.on('end', () => process.exit(0)).resume();
