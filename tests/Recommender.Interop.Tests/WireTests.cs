using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Recommender.Interop.Tests.Harness;
using Recommender.Interop.V1;

namespace Recommender.Interop.Tests;

/// <summary>What stands on the wire, byte by byte.</summary>
public sealed class WireTests
{
    private static readonly CancellationToken _noToken = CancellationToken.None;
    private static readonly byte[] _message = new Message { Payload = ByteString.CopyFromUtf8(new string('a', 1000)) }.ToByteArray();

    [Fact]
    public async Task Responses_are_compressed_for_callers_that_accept_gzip_and_for_no_others()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Gzip);
        using var call = new RawCall(server.Port);

        var zipped = await call.PostAsync("Echo", RawCall.Frame(_message), _noToken, ("grpc-accept-encoding", "identity,gzip"));
        Assert.Equal(("0", "gzip", 1), (zipped.Status, zipped.Encoding, zipped.Body[0]));
        await using var gzip = new GZipStream(new MemoryStream(zipped.Body[5..]), CompressionMode.Decompress);
        using var unzipped = new MemoryStream();
        await gzip.CopyToAsync(unzipped, _noToken);
        Assert.Equal(_message, unzipped.ToArray());

        var plain = await call.PostAsync("Echo", RawCall.Frame(_message), _noToken);
        Assert.Equal(("0", 0), (plain.Status, plain.Body[0]));
        Assert.Equal(RawCall.Frame(_message), plain.Body);
    }

    [Fact]
    public async Task An_error_before_the_first_message_is_sent_as_headers_only()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var answer = await call.PostAsync("Details", RawCall.Frame([]), _noToken);
        Assert.Equal(("3", true, 0), (answer.Status, answer.TrailersOnly, answer.Body.Length));
    }

    [Theory]
    [InlineData("in the middle of its header", 3)]
    [InlineData("in the middle of its payload", 100)]
    public async Task A_message_that_is_cut_off_is_an_error(string where, int length)
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var answer = await call.PostAsync("Echo", RawCall.Frame(_message)[..length], _noToken);
        Assert.True(answer.Status == "13", $"cut off {where}: status {answer.Status}");
    }

    [Fact]
    public async Task A_flag_that_means_nothing_is_an_error()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var answer = await call.PostAsync("Echo", RawCall.Frame(_message, flag: 2), _noToken);
        Assert.Equal("13", answer.Status);
    }

    [Fact]
    public async Task A_compression_that_is_unknown_is_not_implemented()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var answer = await call.PostAsync("Echo", RawCall.Frame(_message, flag: 1), _noToken, ("grpc-encoding", "zstd"));
        Assert.Equal("12", answer.Status);
    }

    [Fact]
    public async Task A_compressed_message_larger_than_the_limit_is_refused_by_its_size_when_decompressed()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        byte[] bomb = RawCall.Gzip(new byte[512 << 20]);
        Assert.True(bomb.Length < ProbeServer.MaxReceiveMessageSize, "the bomb is small on the wire");
        var answer = await call.PostAsync("Echo", RawCall.Frame(bomb, flag: 1), _noToken, ("grpc-encoding", "gzip"));
        Assert.Equal("8", answer.Status);
    }

    [Fact]
    public async Task An_invalid_timeout_is_no_deadline()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        foreach (string timeout in new[] { "soon", "-1S", "123456789S", "S", "1d", "99999999H" })
        {
            var answer = await call.PostAsync("Echo", RawCall.Frame(_message), _noToken, ("grpc-timeout", timeout));
            Assert.True(answer.Status == "0", $"grpc-timeout: {timeout} gave status {answer.Status}");
        }
        var past = await call.PostAsync("Sleep", RawCall.Frame(new Number { Value = 20_000 }.ToByteArray()), _noToken, ("grpc-timeout", "1n"));
        Assert.Equal("4", past.Status);
    }

    [Fact]
    public async Task Binary_headers_may_be_padded_or_joined_by_commas()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        var answer = await call.PostAsync("Headers", RawCall.Frame([]), _noToken, ("x-a-bin", "AP8Q"), ("x-b-bin", "AP8="));
        var seen = Seen.Parser.ParseFrom(answer.Body.AsSpan(5));
        Assert.Equal(("00FF10", "00FF"), (seen.Headers["x-a-bin"], seen.Headers["x-b-bin"]));
    }

    [Fact]
    public async Task A_gzip_stream_that_is_cut_off_is_not_taken_for_a_shorter_message()
    {
        await using var server = await ProbeServer.StartAsync(Transport.Plain);
        using var call = new RawCall(server.Port);
        byte[] zipped = RawCall.Gzip(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("\n\u0003abc", 100))));
        var answer = await call.PostAsync("Echo", RawCall.Frame(zipped[..^8], flag: 1), _noToken, ("grpc-encoding", "gzip"));
        Assert.NotEqual("0", answer.Status);
    }
}
