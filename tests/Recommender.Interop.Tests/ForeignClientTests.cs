using System.Text.Json;
using Recommender.Interop.Tests.Harness;

namespace Recommender.Interop.Tests;

/// <summary>Clients of other makers drive a server of ours. The checks are in Foreign/client.py and Foreign/client.js, under these names.</summary>
public sealed class ForeignClientTests
{
    private static readonly string[] _checks =
    [
        "unary", "payloads of every size", "server stream", "client stream", "duplex stream",
        "request over the server's limit", "compressed request over the server's limit", "compressed request",
        "response over the client's limit", "deadline", "cancellation", "deadline of a stream", "cancellation of a stream",
        "every status code", "trailers of an error", "an exception's text stays on the server", "error details", "metadata",
        "what is not there", "a message that is none", "many calls at once", "keep-alive pings",
        "health", "health changes", "reflection v1", "reflection v1alpha",
    ];

    [Theory]
    [InlineData(Transport.Plain)]
    [InlineData(Transport.Gzip)]
    [InlineData(Transport.Tls)]
    public Task A_Python_client_gets_the_right_answer_to_every_check(Transport transport) => Drive(ForeignLanguage.Python, transport);

    [Theory]
    [InlineData(Transport.Plain)]
    [InlineData(Transport.Gzip)]
    [InlineData(Transport.Tls)]
    public Task A_Node_client_gets_the_right_answer_to_every_check(Transport transport) => Drive(ForeignLanguage.Node, transport);

    private static async Task Drive(ForeignLanguage language, Transport transport)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using var server = await ProbeServer.StartAsync(transport);
        await using var client = await language.StartAsync(
            "client", $"{server.Port}", transport.ToString().ToLowerInvariant(), TestFiles.DescriptorsPath, TestFiles.CertificatePath);

        var results = new Dictionary<string, string>();
        await foreach (string line in client.ReadLinesAsync(patience.Token))
        {
            var result = JsonDocument.Parse(line).RootElement;
            string why = result.GetProperty("ok").GetBoolean() ? "ok" : result.GetProperty("why").GetString()!;
            results.Add(result.GetProperty("check").GetString()!, why);
        }

        var expected = _checks.ToDictionary(check => check, _ => "ok");
        var wrong = expected.Keys.Union(results.Keys)
            .Where(check => results.GetValueOrDefault(check) != expected.GetValueOrDefault(check))
            .Select(check => $"{check}: {results.GetValueOrDefault(check, "did not run")}");
        Assert.True(results.Count == _checks.Length && !wrong.Any(), string.Join("\n", wrong) + "\n" + client.Errors);
    }
}
