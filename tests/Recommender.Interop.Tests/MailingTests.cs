using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Interactions;
using Recommender.Interop.Tests.Harness;
using Recommender.Server;
using Recommender.Server.Security;
using Recommender.Storage;

namespace Recommender.Interop.Tests;

/// <summary>A mailing to a segment, asked for by a program in another language (Foreign/mailing.py).</summary>
public sealed class MailingTests
{
    private static readonly string[] _segment = [.. Enumerable.Range(0, 250).Select(n => $"reader-{n:000}")];

    [Fact]
    public async Task A_segment_is_answered_to_Python_in_a_stream_that_can_be_broken_off_and_gone_on_with()
    {
        string folder = Directory.CreateTempSubdirectory("mailing-").FullName;
        var options = new ShopOptions { Store = ShopLocation.Parse(folder) };
        string serverKey, browserKey;
        await using (var files = await options.Store.OpenFilesAsync(CancellationToken.None))
        {
            serverKey = await AccessKeys.CreateAsync(files, Role.Server, CancellationToken.None);
            browserKey = await AccessKeys.CreateAsync(files, Role.Browser, CancellationToken.None);
        }
        await using (var shop = await Shop.OpenAsync(options, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None))
        await using (var server = ServerHost.Build(shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, TimeProvider.System, _ => { }))
        {
            await server.StartAsync();
            var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await using var python = await ForeignLanguage.Python.StartAsync(
                "mailing", $"{address.Port}", TestFiles.DescriptorsPath, Path.Combine(folder, "learned.binpb"), serverKey, browserKey);
            var said = JsonNode.Parse(await python.ReadLineAsync(CancellationToken.None) ?? throw new InvalidOperationException(python.Errors))!;

            EverybodyIsAnsweredInOrder(said["answered"]!);
            WhatIsMissingFollowsFromTheMark(said["gone_on"]!);
            await NothingIsDoneForACallerWhoHasGoneAsync(said["broken_off"]!, shop);
            EachMistakeHasItsStatus(said["refused"]!);
            await server.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    private static void EverybodyIsAnsweredInOrder(JsonNode answered)
    {
        int[] sizes = [.. answered["sizes"]!.AsArray().Select(size => size!.GetValue<int>())];
        int[] done = [.. answered["done"]!.AsArray().Select(people => people!.GetValue<int>())];

        Assert.Equal(_segment, Texts(answered["people"]!));
        Assert.Equal([100, 100, 50], sizes);
        Assert.Equal([100, 200, 250], done);
        Assert.Equal(3, answered["items"]!.AsArray().Count);
        Assert.All(answered["items"]!.AsArray(), item => Assert.Contains(" book ", item!["properties"]!["title"]!["text"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.Equal(answered["alone"]!.AsArray().Select(Told), answered["items"]!.AsArray().Select(Told));
        Assert.NotEmpty(answered["model"]!.GetValue<string>());
        Assert.Equal(answered["alone_model"]!.GetValue<string>(), answered["model"]!.GetValue<string>());

        static (string, double) Told(JsonNode? item) => (item!["item_id"]!.GetValue<string>(), item["score"]!.GetValue<double>());
    }

    private static void WhatIsMissingFollowsFromTheMark(JsonNode goneOn)
    {
        Assert.Equal(_segment[..100], Texts(goneOn["first"]!));
        Assert.Equal(_segment[100..], Texts(goneOn["rest"]!));
        Assert.Equal(_segment.Length, goneOn["done"]!.GetValue<int>());
        Assert.Empty(goneOn["nothing"]!.AsArray());
    }

    // What is told is remembered just before: whoever is not remembered was never worked on to the end.
    private static async Task NothingIsDoneForACallerWhoHasGoneAsync(JsonNode brokenOff, Shop shop)
    {
        Assert.Equal("CANCELLED", brokenOff["code"]!.GetValue<string>());
        Assert.NotEmpty(await RememberedAsync(Texts(brokenOff["first"]!)[0]));
        Assert.Empty(await RememberedAsync(brokenOff["last"]!.GetValue<string>()));

        async Task<IEnumerable<object>> RememberedAsync(string customer) =>
            await shop.Store.Recommendations.ReadPersonAsync(shop.Tenant, Person.Customer(customer), DateTimeOffset.MinValue, 1, CancellationToken.None);
    }

    private static void EachMistakeHasItsStatus(JsonNode refused)
    {
        Assert.Equal("INVALID_ARGUMENT: count is 1001, it must be 1 to 1000", refused["count"]!.GetValue<string>());
        Assert.Equal("INVALID_ARGUMENT: customer_ids are listed and chosen by a condition; give either", refused["whom"]!.GetValue<string>());
        Assert.StartsWith("INVALID_ARGUMENT: customer_filter: ", refused["segment"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("did you mean item.title?", refused["filter"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("NOT_FOUND: there is no scenario \"mailin\"; did you mean \"mailing\"?", refused["scenario"]!.GetValue<string>());
        foreach (string token in (string[])["other_token", "no_token"])
            Assert.Equal("INVALID_ARGUMENT: resume_token belongs to another request", refused[token]!.GetValue<string>());
        Assert.StartsWith("PERMISSION_DENIED: /recommender.v1.RecommendationService/RecommendBatch needs a server key", refused["browser"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.StartsWith("UNAUTHENTICATED: ", refused["stranger"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(one => one!.GetValue<string>())];
}
