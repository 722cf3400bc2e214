"""What the Python side shares: messages and stubs from a descriptor set, channels, the lines that the tests read."""
import json
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
FAILURE = "100% of \u00fcnic\u00f6de\nin two lines"


class Protocol:
    """Messages and services of a FileDescriptorSet, without generated code: it fits any version of protobuf."""

    def __init__(self, path):
        self._pool = descriptor_pool.DescriptorPool()
        with open(path, "rb") as file:
            for proto in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
                self._pool.Add(proto)
        self._factory = message_factory.MessageFactory(self._pool) if hasattr(message_factory.MessageFactory, "GetPrototype") else None

    def message(self, name):
        return self._class(self._pool.FindMessageTypeByName(name))

    def _class(self, descriptor):
        return self._factory.GetPrototype(descriptor) if self._factory else message_factory.GetMessageClass(descriptor)

    def methods(self, service):
        descriptor = self._pool.FindServiceByName(service)
        proto = descriptor_pb2.ServiceDescriptorProto()
        descriptor.CopyToProto(proto)
        for method, shape in zip(descriptor.methods, proto.method):
            kind = ("stream" if shape.client_streaming else "unary") + "_" + ("stream" if shape.server_streaming else "unary")
            yield method.name, kind, self._class(method.input_type), self._class(method.output_type)

    def stub(self, channel, service):
        stub = type(service, (), {})()
        for name, kind, request, response in self.methods(service):
            call = getattr(channel, kind)(
                f"/{service}/{name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
            setattr(stub, name, call)
        return stub

    def handler(self, service, servicer):
        handlers = {}
        for name, kind, request, response in self.methods(service):
            if hasattr(servicer, name):
                handlers[name] = getattr(grpc, kind + "_rpc_method_handler")(
                    getattr(servicer, name), request_deserializer=request.FromString, response_serializer=response.SerializeToString)
        return grpc.method_handlers_generic_handler(service, handlers)


def learned(channel, bootstrap, services):
    """The descriptors of a shop's services, asked of the server."""
    protocol = Protocol(bootstrap)
    request = protocol.message("grpc.reflection.v1alpha.ServerReflectionRequest")
    asked = [request(file_containing_symbol="recommender.v1." + service) for service in services]
    files = {}
    for answer in protocol.stub(channel, REFLECTION).ServerReflectionInfo(iter(asked)):
        for serialized in answer.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(serialized)
            files[file.name] = file
    ordered = descriptor_pb2.FileDescriptorSet()

    def add(name):
        file = files.pop(name, None)
        if file is not None:
            for needed in file.dependency:
                add(needed)
            ordered.file.append(file)

    for name in sorted(files):
        add(name)
    return ordered


class Caller:
    """A program with a key. Every method of every service takes the fields of its request."""

    def __init__(self, protocol, channel, services, key):
        for service in ("recommender.v1." + name for name in services):
            stub = protocol.stub(channel, service)
            for name, _, request, _ in protocol.methods(service):
                setattr(self, name, self._method(getattr(stub, name), request, [("authorization", f"Bearer {key}")]))

    @staticmethod
    def _method(call, request, metadata):
        return lambda **fields: call(json_format.ParseDict(fields, request()), metadata=metadata)


def refused(call, **fields):
    """The status and the words with which a call is refused."""
    try:
        call(**fields)
        return "nothing"
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()}"


def channel(port, transport, certificate, options=()):
    """A channel to a server on this machine; its certificate is for localhost."""
    compression = grpc.Compression.Gzip if transport == "gzip" else None
    if transport != "tls":
        return grpc.insecure_channel(f"127.0.0.1:{port}", options=list(options), compression=compression)
    with open(certificate, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    return grpc.secure_channel(f"localhost:{port}", credentials, options=list(options))


def plain(value):
    """A message as JSON knows it, in the field names of the protocol; of a repeated field a list of these."""
    return json_format.MessageToDict(value, preserving_proto_field_name=True) if hasattr(value, "DESCRIPTOR") else list(value)


def say(**line):
    print(json.dumps(line, default=plain), flush=True)


def exit_with_parent(stop):
    """Runs stop when standard input ends: no server outlives the tests that started it."""
    def wait():
        sys.stdin.read()
        stop()
    threading.Thread(target=wait, daemon=True).start()
