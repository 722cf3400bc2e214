"""What the Python side shares: messages and stubs from a descriptor set, channels, the lines that the tests read."""
import json
import sys
import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

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


def channel(port, transport, certificate, options=()):
    """A channel to a server on this machine; its certificate is for localhost."""
    compression = grpc.Compression.Gzip if transport == "gzip" else None
    if transport != "tls":
        return grpc.insecure_channel(f"127.0.0.1:{port}", options=list(options), compression=compression)
    with open(certificate, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    return grpc.secure_channel(f"localhost:{port}", credentials, options=list(options))


def say(**line):
    print(json.dumps(line), flush=True)


def exit_with_parent(stop):
    """Runs stop when standard input ends: no server outlives the tests that started it."""
    def wait():
        sys.stdin.read()
        stop()
    threading.Thread(target=wait, daemon=True).start()
