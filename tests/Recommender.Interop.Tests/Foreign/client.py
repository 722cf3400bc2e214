"""Drives a server of ours from python3-grpcio: client.py PORT TRANSPORT DESCRIPTORS CERTIFICATE. One line of JSON a check."""
import concurrent.futures
import queue
import sys
import time
import traceback

import grpc
import interop

PORT, TRANSPORT, DESCRIPTORS, CERTIFICATE = sys.argv[1:5]
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
protocol = interop.Protocol(DESCRIPTORS)
channel = interop.channel(PORT, TRANSPORT, CERTIFICATE, UNLIMITED)
probe = protocol.stub(channel, "interop.v1.Probe")
health = protocol.stub(channel, "grpc.health.v1.Health")
Message, Number, Counting, Health = (protocol.message("interop.v1." + name) for name in ("Message", "Number", "Counting", "Health"))
HealthRequest = protocol.message("grpc.health.v1.HealthCheckRequest")
SERVING, NOT_SERVING, SERVICE_UNKNOWN = 1, 2, 3
LIMIT = 8 << 20
checks = []


def check(name):
    def add(function):
        checks.append((name, function))
        return function
    return add


def error(call):
    try:
        call()
    except grpc.RpcError as e:
        return e
    raise AssertionError("the call did not fail")


def equal(actual, expected):
    assert actual == expected, f"{actual!r}, expected {expected!r}"


def until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within ten seconds")


def cancelled_sleeps():
    return probe.CancelledSleeps(Message()).value


@check("unary")
def _():
    equal(probe.Echo(Message(payload=b"abc")).payload, b"abc")


@check("payloads of every size")
def _():
    for size in (0, 1, 1000, 70_000, 1 << 20, 5 << 20):
        payload = (bytes(range(251)) * (size // 251 + 1))[:size]
        assert probe.Echo(Message(payload=payload)).payload == payload, size


@check("server stream")
def _():
    equal([number.value for number in probe.Numbers(Counting(count=100))], list(range(100)))
    equal(list(probe.Numbers(Counting(count=0))), [])


@check("client stream")
def _():
    equal(probe.Sum(iter([Number(value=i) for i in range(1000)])).value, 499_500)
    equal(probe.Sum(iter([])).value, 0)


@check("duplex stream")
def _():
    messages = queue.Queue()
    answers = probe.Chat(iter(messages.get, None))
    for i in range(50):
        messages.put(Message(payload=b"%d" % i))
        equal(next(answers).payload, b"%d" % i)
    messages.put(None)
    equal(list(answers), [])


@check("request over the server's limit")
def _():
    equal(error(lambda: probe.Echo(Message(payload=bytes(LIMIT + 1)))).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)


@check("compressed request over the server's limit")
def _():
    e = error(lambda: probe.Echo(Message(payload=bytes(LIMIT + 1)), compression=grpc.Compression.Gzip))
    equal(e.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)


@check("compressed request")
def _():
    payload = b"abc" * 100_000
    equal(probe.Echo(Message(payload=payload), compression=grpc.Compression.Gzip).payload, payload)
    numbers = iter([Number(value=1)] * 100)
    equal(probe.Sum(numbers, compression=grpc.Compression.Gzip).value, 100)


@check("response over the client's limit")
def _():
    with interop.channel(PORT, TRANSPORT, CERTIFICATE, [("grpc.max_receive_message_length", 1000)]) as small:
        stub = protocol.stub(small, "interop.v1.Probe")
        equal(error(lambda: stub.Grow(Number(value=5000))).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)


@check("deadline")
def _():
    before = cancelled_sleeps()
    equal(error(lambda: probe.Sleep(Number(value=20_000), timeout=0.2)).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    until(lambda: cancelled_sleeps() == before + 1)


@check("cancellation")
def _():
    before = cancelled_sleeps()
    call = probe.Sleep.future(Number(value=20_000))
    time.sleep(0.3)
    call.cancel()
    until(lambda: cancelled_sleeps() == before + 1)


@check("deadline of a stream")
def _():
    got = []

    def read():
        for number in probe.Numbers(Counting(count=1000, pause_ms=50), timeout=0.5):
            got.append(number.value)
    equal(error(read).code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    assert 1 <= len(got) <= 11, got


@check("cancellation of a stream")
def _():
    numbers = probe.Numbers(Counting(count=1000, pause_ms=50))
    next(numbers)
    numbers.cancel()
    equal(error(lambda: list(numbers)).code(), grpc.StatusCode.CANCELLED)


@check("every status code")
def _():
    for code in range(1, 17):
        e = error(lambda: probe.Fail(Number(value=code)))
        equal((e.code().value[0], e.details()), (code, interop.FAILURE))


@check("trailers of an error")
def _():
    trailers = dict(error(lambda: probe.Fail(Number(value=9))).trailing_metadata())
    equal((trailers["x-trailer"], trailers["x-trailer-bin"]), ("t", bytes([0, 1, 255])))


@check("an exception's text stays on the server")
def _():
    e = error(lambda: probe.Throw(Message()))
    equal(e.code(), grpc.StatusCode.UNKNOWN)
    assert "secret" not in e.details(), e.details()


@check("error details")
def _():
    e = error(lambda: probe.Details(Message()))
    equal(e.code(), grpc.StatusCode.INVALID_ARGUMENT)
    status = protocol.message("google.rpc.Status").FromString(dict(e.trailing_metadata())["grpc-status-details-bin"])
    equal((status.code, status.message), (3, e.details()))
    detail = protocol.message("google.rpc.BadRequest")()
    assert status.details[0].Unpack(detail)
    equal((detail.field_violations[0].field, detail.field_violations[0].description), ("count", "must be 1 to 10000, got 0"))


@check("metadata")
def _():
    sent = (("x-in", "v"), ("x-in-bin", b"\x00\xff\x10"))
    seen, call = probe.Headers.with_call(Message(), metadata=sent, timeout=10)
    equal((seen.headers["x-in"], seen.headers["x-in-bin"]), ("v", "00FF10"))
    headers, trailers = dict(call.initial_metadata()), dict(call.trailing_metadata())
    equal((headers["x-head"], headers["x-head-bin"]), ("h", bytes([1, 2, 3, 4])))
    equal((trailers["x-trail"], trailers["x-trail-bin"]), ("t", bytes([9, 8, 7])))
    assert 5 < seen.seconds_left <= 10.1, seen.seconds_left


@check("what is not there")
def _():
    equal(error(lambda: probe.Missing(Message())).code(), grpc.StatusCode.UNIMPLEMENTED)
    for path in ("/interop.v1.Probe/Nothing", "/no.Service/Nothing"):
        equal(error(lambda: channel.unary_unary(path)(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)


@check("a message that is none")
def _():
    code = error(lambda: channel.unary_unary("/interop.v1.Probe/Echo")(b"\xff\xff\xff")).code()
    assert code in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN), code


@check("many calls at once")
def _():
    with concurrent.futures.ThreadPoolExecutor(32) as threads:
        answers = threads.map(lambda i: probe.Echo(Message(payload=b"%d" % i)).payload, range(2000))
        assert all(answer == b"%d" % i for i, answer in enumerate(answers))


@check("keep-alive pings")
def _():
    options = [("grpc.keepalive_time_ms", 300), ("grpc.keepalive_permit_without_calls", 1), ("grpc.http2.max_pings_without_data", 0)]
    with interop.channel(PORT, TRANSPORT, CERTIFICATE, options) as pinging:
        numbers = protocol.stub(pinging, "interop.v1.Probe").Numbers(Counting(count=2, pause_ms=1500))
        equal([number.value for number in numbers], [0, 1])


@check("health")
def _():
    equal(health.Check(HealthRequest()).status, SERVING)
    equal(health.Check(HealthRequest(service="interop.v1.Probe")).status, SERVING)
    equal(error(lambda: health.Check(HealthRequest(service="no.Service"))).code(), grpc.StatusCode.NOT_FOUND)
    statuses = health.List(protocol.message("grpc.health.v1.HealthListRequest")()).statuses
    equal(statuses["interop.v1.Probe"].status, SERVING)


@check("health changes")
def _():
    probe.SetHealth(Health(serving=True))
    watch = health.Watch(HealthRequest(service="switched"))
    equal(next(watch).status, SERVING)
    probe.SetHealth(Health(serving=False))
    equal(next(watch).status, NOT_SERVING)
    watch.cancel()
    watch = health.Watch(HealthRequest(service="no.Service"))
    equal(next(watch).status, SERVICE_UNKNOWN)
    watch.cancel()


def reflect(version):
    package = "grpc.reflection." + version
    Request = protocol.message(package + ".ServerReflectionRequest")
    reflection = protocol.stub(channel, package + ".ServerReflection")
    listed, found, missing, file, numbers = reflection.ServerReflectionInfo(iter([
        Request(list_services=""),
        Request(file_containing_symbol="interop.v1.Probe.Echo"),
        Request(file_containing_symbol="no.such.Symbol"),
        Request(file_by_filename="probe.proto"),
        Request(all_extension_numbers_of_type="interop.v1.Message")]))
    names = {service.name for service in listed.list_services_response.service}
    assert {"interop.v1.Probe", "grpc.health.v1.Health", package + ".ServerReflection"} <= names, names
    pool = interop.descriptor_pool.DescriptorPool()
    for proto in found.file_descriptor_response.file_descriptor_proto:
        pool.Add(interop.descriptor_pb2.FileDescriptorProto.FromString(proto))
    assert "Chat" in [method.name for method in pool.FindServiceByName("interop.v1.Probe").methods]
    equal(missing.error_response.error_code, 5)
    equal(len(file.file_descriptor_response.file_descriptor_proto), 1)
    equal(numbers.all_extension_numbers_response.base_type_name, "interop.v1.Message")


@check("reflection v1")
def _():
    reflect("v1")


@check("reflection v1alpha")
def _():
    reflect("v1alpha")


for name, run in checks:
    try:
        run()
        interop.say(check=name, ok=True)
    except Exception:  # Whatever a check dies of is its result.
        interop.say(check=name, ok=False, why=traceback.format_exc(limit=-2))
