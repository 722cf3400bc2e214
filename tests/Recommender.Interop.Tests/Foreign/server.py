"""A server on python3-grpcio for our client: server.py TRANSPORT DESCRIPTORS CERTIFICATE KEY. Says its port, ends with its input."""
import concurrent.futures
import sys
import threading
import time

import grpc
import interop

TRANSPORT, DESCRIPTORS, CERTIFICATE, KEY = sys.argv[1:5]
protocol = interop.Protocol(DESCRIPTORS)
Message, Number, Seen = (protocol.message("interop.v1." + name) for name in ("Message", "Number", "Seen"))


class Probe:
    def __init__(self):
        self._cancelled = 0

    def Echo(self, request, context):
        return request

    def Grow(self, request, context):
        return Message(payload=bytes(request.value))

    def Fail(self, request, context):
        context.set_trailing_metadata((("x-trailer", "t"), ("x-trailer-bin", bytes([0, 1, 255]))))
        context.abort(next(code for code in grpc.StatusCode if code.value[0] == request.value), interop.FAILURE)

    def Throw(self, request, context):
        raise ValueError("a secret")

    def Details(self, request, context):
        detail = protocol.message("google.rpc.BadRequest")()
        detail.field_violations.add(field="count", description="must be 1 to 10000, got 0")
        status = protocol.message("google.rpc.Status")(code=3, message="count: must be 1 to 10000, got 0")
        status.details.add().Pack(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, status.message)

    def Sleep(self, request, context):
        ended = threading.Event()
        context.add_callback(ended.set)
        if ended.wait(request.value / 1000):
            self._cancelled += 1
        return Message()

    def CancelledSleeps(self, request, context):
        return Number(value=self._cancelled)

    def Headers(self, request, context):
        context.send_initial_metadata((("x-head", "h"), ("x-head-bin", bytes([1, 2, 3, 4]))))
        context.set_trailing_metadata((("x-trail", "t"), ("x-trail-bin", bytes([9, 8, 7]))))
        seen = Seen(seconds_left=context.time_remaining())
        for key, value in context.invocation_metadata():
            seen.headers[key] = value.hex().upper() if isinstance(value, bytes) else value
        return seen

    def Numbers(self, request, context):
        for i in range(request.count):
            yield Number(value=i)
            time.sleep(request.pause_ms / 1000)
            if not context.is_active():
                return

    def Sum(self, requests, context):
        return Number(value=sum(request.value for request in requests))

    def Chat(self, requests, context):
        yield from requests


server = grpc.server(
    concurrent.futures.ThreadPoolExecutor(32),
    options=[("grpc.max_receive_message_length", 8 << 20), ("grpc.max_send_message_length", -1)],
    compression=grpc.Compression.Gzip if TRANSPORT == "gzip" else None)
server.add_generic_rpc_handlers((protocol.handler("interop.v1.Probe", Probe()),))
if TRANSPORT == "tls":
    with open(KEY, "rb") as key, open(CERTIFICATE, "rb") as certificate:
        credentials = grpc.ssl_server_credentials([(key.read(), certificate.read())])
    port = server.add_secure_port("127.0.0.1:0", credentials)
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
interop.exit_with_parent(lambda: server.stop(0))
interop.say(port=port)
server.wait_for_termination()
