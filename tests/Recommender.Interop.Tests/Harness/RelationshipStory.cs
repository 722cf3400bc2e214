using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Server;
using Recommender.Server.Security;
using Recommender.Storage;

namespace Recommender.Interop.Tests.Harness;

/// <summary>Foreign/relationship.py, told once against a real server whose clock goes as the story wants.</summary>
public sealed class RelationshipStory
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);
    private readonly Lazy<Task<(Dictionary<string, JsonNode> Chapters, string Errors)>> _told = new(TellAsync);

    /// <summary>What a chapter told; the test fails if the story broke off before.</summary>
    public async Task<JsonNode> ChapterAsync(string name)
    {
        var (chapters, errors) = await _told.Value;
        Assert.True(chapters.TryGetValue(name, out var chapter), $"the story broke off before \"{name}\": {errors}");
        return chapter;
    }

    private static async Task<(Dictionary<string, JsonNode> Chapters, string Errors)> TellAsync()
    {
        string folder = Directory.CreateTempSubdirectory("relationship-").FullName;
        var options = new ShopOptions { Store = ShopLocation.Parse(folder) };
        await using var files = await options.Store.OpenFilesAsync(CancellationToken.None);
        string serverKey = await AccessKeys.CreateAsync(files, Role.Server, CancellationToken.None);
        string browserKey = await AccessKeys.CreateAsync(files, Role.Browser, CancellationToken.None);
        // At noon: what takes seconds here must not lie on both sides of a midnight.
        var clock = new MovableClock();
        clock.Advance(TimeSpan.FromHours(36) - clock.GetUtcNow().TimeOfDay);
        var chapters = new Dictionary<string, JsonNode>();
        string errors;
        await using (var shop = await Shop.OpenAsync(options, clock, NullLoggerFactory.Instance, CancellationToken.None))
        await using (var server = ServerHost.Build(shop, new ServerOptions { GrpcPort = 0, HttpPort = 0 }, clock, _ => { }))
        {
            await server.StartAsync();
            var address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await using var python = await ForeignLanguage.Python.StartAsync(
                "relationship", $"{address.Port}", TestFiles.DescriptorsPath, Path.Combine(folder, "learned.binpb"), serverKey, browserKey);
            using var patience = new CancellationTokenSource(_patience);
            await foreach (string line in python.ReadLinesAsync(patience.Token))
            {
                var said = JsonNode.Parse(line)!;
                if (said["advance_days"] is { } days)
                {
                    clock.Advance(TimeSpan.FromDays(days.GetValue<int>()));
                    await python.WriteLineAsync($"{clock.GetUtcNow().ToUnixTimeMilliseconds()}", patience.Token);
                }
                else
                {
                    chapters.Add(said["chapter"]!.GetValue<string>(), said);
                }
            }
            await python.WaitForExitAsync(patience.Token);
            errors = python.Errors;
            await server.StopAsync();
        }
        Directory.Delete(folder, recursive: true);
        return (chapters, errors);
    }
}
