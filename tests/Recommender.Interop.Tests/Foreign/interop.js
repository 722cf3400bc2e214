// What the Node side shares: services from a descriptor set, channels, the lines that the tests read.
'use strict';
const fs = require('fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const FAILURE = '100% of ünicöde\nin two lines';
const GZIP = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };

// Services and types of a FileDescriptorSet, without generated code.
function load(path) {
  return loadSet(fs.readFileSync(path));
}

function loadSet(bytes) {
  const definitions = loader.loadFileDescriptorSetFromBuffer(bytes, { keepCase: true, longs: Number, defaults: true });
  return { root: grpc.loadPackageDefinition(definitions), definitions };
}

// The same from single files: a FileDescriptorSet is each of them behind its tag and its length.
function loadFiles(files) {
  return loadSet(Buffer.concat(files.flatMap(file => [Buffer.from([0x0a, ...varint(file.length)]), file])));
}

// A map field loaded from a descriptor is a list of entries here, as it is on the wire.
const toMap = entries => Object.fromEntries(entries.map(entry => [entry.key, entry.value]));
const toEntries = map => Object.entries(map).map(([key, value]) => ({ key, value }));

function varint(value) {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function client(Service, port, transport, certificate, options = {}) {
  const address = (transport === 'tls' ? 'localhost:' : '127.0.0.1:') + port;
  const credentials = transport === 'tls' ? grpc.credentials.createSsl(fs.readFileSync(certificate)) : grpc.credentials.createInsecure();
  return new Service(address, credentials, { ...(transport === 'gzip' ? GZIP : {}), ...options });
}

function say(line) {
  fs.writeSync(1, JSON.stringify(line) + '\n');
}

module.exports = { FAILURE, GZIP, load, loadFiles, client, say, toMap, toEntries };
