using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

/// <summary>Bytes that no honest peer sends. The server may answer them with any error, but it answers, and the next good call too.</summary>
public sealed class FuzzTests
{
    private static readonly byte[] _preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    private static readonly byte[] _settings = Http2Frame(type: 4, flags: 0, stream: 0, []);
    private static readonly string[] _methods = ["Echo", "Sum", "Chat", "Headers", "Nothing"];
    private static readonly string?[] _encodings = [null, "identity", "gzip", "zstd", "gzip,identity", ""];
    private static readonly string?[] _timeouts = [null, "1n", "10S", "soon", "99999999H"];
    private static readonly byte[] _bomb = RawCall.Gzip(new byte[64 << 20]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Broken_messages_are_answered_and_the_next_good_call_too(int seed)
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var random = new Random(seed);
        for (int i = 0; i < 150; i++)
        {
            string method = Pick(random, _methods);
            using var patience = new CancellationTokenSource(Eventually.Patience);
            try
            {
                var answer = await call.PostAsync(method, BrokenBody(random), patience.Token, BrokenHeaders(random));
                Assert.True(answer.Status is not null, $"seed {seed}, case {i}, {method}: no status");
            }
            catch (HttpRequestException e)
            {
                // A stream that the server breaks off is an answer too; a server that is gone is none.
                Assert.True(e.HttpRequestError is not HttpRequestError.ConnectionError, $"seed {seed}, case {i}, {method}: {e}");
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"seed {seed}, case {i}, {method}: no answer within {Eventually.Patience}");
            }
        }
        await AssertServes(server);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Broken_HTTP_2_ends_its_connection_and_no_other(int seed)
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            using var patience = new CancellationTokenSource(Eventually.Patience);
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, server.Port, patience.Token);
            try
            {
                var stream = client.GetStream();
                await stream.WriteAsync(BrokenConnection(random), patience.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, patience.Token);
            }
            catch (IOException)
            {
                // Reset by the server, which is what such bytes deserve.
            }
            catch (SocketException)
            {
                // The same, seen at the half-close.
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"seed {seed}, case {i}: the server keeps a broken connection open");
            }
        }
        await AssertServes(server);
    }

    private static async Task AssertServes(ProbeServer server)
    {
        using var channel = ProbeChannel.To(server);
        var answer = await channel.Probe.EchoAsync(new Message { Payload = ByteString.CopyFromUtf8("well") });
        Assert.Equal("well", answer.Payload.ToStringUtf8());
    }

    private static byte[] BrokenBody(Random random)
    {
        byte[] good = RawCall.Frame(new Message { Payload = ByteString.CopyFrom(RandomBytes(random, 200)) }.ToByteArray());
        switch (random.Next(9))
        {
            case 0:
                return RandomBytes(random, 300);
            case 1:
                return good[..random.Next(good.Length)];
            case 2:
                good[0] = (byte)random.Next(256);
                return good;
            case 3:
                random.NextBytes(good.AsSpan(1, 4));
                return good;
            case 4:
                good[random.Next(good.Length)] ^= (byte)(1 << random.Next(8));
                return good;
            case 5:
                return RawCall.Frame(RandomBytes(random, 300), flag: 1);
            case 6:
                byte[] zipped = RawCall.Gzip(good);
                return RawCall.Frame(zipped[..random.Next(zipped.Length)], flag: 1);
            case 7:
                return RawCall.Frame(_bomb, flag: 1);
            default:
                return [.. good, .. good[..random.Next(good.Length)], .. RandomBytes(random, 20)];
        }
    }

    private static (string, string)[] BrokenHeaders(Random random)
    {
        var headers = new List<(string, string)>();
        if (Pick(random, _encodings) is { } encoding)
            headers.Add(("grpc-encoding", encoding));
        if (Pick(random, _timeouts) is { } timeout)
            headers.Add(("grpc-timeout", timeout));
        if (random.Next(4) == 0)
            headers.Add(("x-broken-bin", "not*base64"));
        return [.. headers];
    }

    private static byte[] BrokenConnection(Random random)
    {
        if (random.Next(10) == 0)
            return RandomBytes(random, 500);
        List<byte> bytes = [.. _preface, .. _settings];
        if (random.Next(2) == 0)
            bytes.AddRange(Http2Frame(type: 1, flags: 4, stream: 1, GrpcHeaders()));
        for (int frames = random.Next(1, 8); frames > 0; frames--)
        {
            byte[] payload = random.Next(3) == 0 ? BrokenBody(random)[..Math.Min(40, random.Next(60))] : RandomBytes(random, 60);
            bytes.AddRange(Http2Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(4), payload));
        }
        byte[] all = [.. bytes];
        if (random.Next(4) == 0)
            all[random.Next(_preface.Length, all.Length)] ^= (byte)(1 << random.Next(8));
        return random.Next(4) == 0 ? all[..random.Next(all.Length)] : all;
    }

    // HPACK, RFC 7541: literals without indexing and without Huffman coding.
    private static byte[] GrpcHeaders()
    {
        List<byte> block = [];
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", "/interop.v1.Probe/Chat"), (":authority", "localhost"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        })
        {
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }
        return [.. block];
    }

    private static byte[] Http2Frame(byte type, byte flags, int stream, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    private static byte[] RandomBytes(Random random, int atMost)
    {
        byte[] bytes = new byte[random.Next(atMost)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
