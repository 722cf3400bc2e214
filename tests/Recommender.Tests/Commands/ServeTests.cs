using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Recommender.Cli;
using Recommender.Protocol.V1;
using Recommender.Storage.Sqlite;

namespace Recommender.Tests.Commands;

/// <summary>The server as a process that is stopped, killed and got in the way of.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Kill_9_while_events_come_in_loses_none_that_was_acknowledged()
    {
        var acknowledged = new ConcurrentBag<string>();
        for (int round = 0; round < 2; round++)
        {
            using var server = CommandProcess.Start("serve", "--store", _folder, "--port", "0", "--http-port", "0");
            using var channel = GrpcChannel.ForAddress(await AddressAsync(server));
            var senders = Enumerable.Range(0, 8).Select(sender => SendAsync(new(channel), $"{round}-{sender}", acknowledged)).ToArray();
            int enough = acknowledged.Count + 400;
            while (acknowledged.Count < enough && !senders.All(sender => sender.IsCompleted)) await Task.Delay(5);
            Assert.True(acknowledged.Count >= enough, server.Error);
            server.Kill();
            await server.EndAsync();
            await Task.WhenAll(senders);
        }

        await using var store = await SqliteShopStore.OpenAsync(_folder, TimeProvider.System, default);
        var kept = new List<string>();
        await foreach (var stored in store.Events.ReadSinceAsync(Tenant.Default, 0, default)) kept.Add(stored.Event.EventId);
        Assert.Empty(acknowledged.Except(kept));
        Assert.Equal(kept.Count, kept.Distinct().Count());
    }

    [Fact]
    public async Task A_second_process_on_the_folder_is_told_who_has_it()
    {
        using var server = CommandProcess.Start("serve", "--store", _folder, "--port", "0", "--http-port", "0");
        await AddressAsync(server);
        var (exitCode, _, error) = await CommandProcess.RunAsync("status", "--store", _folder);

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("recommender", error, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(@"process \d+", error);
    }

    [Fact]
    public async Task SIGTERM_ends_a_server_in_order_and_the_next_one_has_everything()
    {
        using (var server = CommandProcess.Start("serve", "--store", _folder, "--port", "0", "--http-port", "0"))
        {
            using var channel = GrpcChannel.ForAddress(await AddressAsync(server));
            await new CatalogService.CatalogServiceClient(channel).UpsertItemsAsync(new() { Items = { new Item { ItemId = "kept" } } });
            server.Terminate();
            Assert.Equal(ExitCode.Done, await server.EndAsync());
        }
        using var next = CommandProcess.Start("serve", "--store", _folder, "--port", "0", "--http-port", "0");
        using var again = GrpcChannel.ForAddress(await AddressAsync(next));
        Assert.Equal("kept", (await new CatalogService.CatalogServiceClient(again).GetItemAsync(new() { ItemId = "kept" })).ItemId);
    }

    [Fact]
    public async Task SIGTERM_in_the_middle_of_an_import_leaves_what_the_next_one_completes()
    {
        string pairs = Path.Combine(_folder, "pairs.txt");
        const int Lines = 300_000;
        await File.WriteAllLinesAsync(pairs, Enumerable.Range(0, Lines).Select(line => $"c{line % 5000} i{line / 5000}"));
        string shop = Path.Combine(_folder, "shop");
        using (var import = CommandProcess.Start("import", "pairs", pairs, "--store", shop))
        {
            Assert.True(await import.SaysAsync("events"), import.Error);
            import.Terminate();
            Assert.Equal(ExitCode.Interrupted, await import.EndAsync());
        }
        var (exitCode, output, error) = await CommandProcess.RunAsync("import", "pairs", pairs, "--store", shop, "--json");
        Assert.True(exitCode == ExitCode.Done, error);
        Assert.Contains("\"resumed\": true", output);
        await using var store = await SqliteShopStore.OpenAsync(shop, TimeProvider.System, default);
        Assert.Equal(Lines, (await store.Events.SizeAsync(Tenant.Default, default)).Events);
    }

    [Fact]
    public async Task SIGTERM_in_the_middle_of_a_training_leaves_the_shop_as_it_was()
    {
        string pairs = Path.Combine(_folder, "pairs.txt");
        await File.WriteAllLinesAsync(pairs, Enumerable.Range(0, 60_000).Select(line => $"c{line % 3000} i{line * 7 % 1999}"));
        string recipe = Path.Combine(_folder, "endless.json");
        await File.WriteAllTextAsync(recipe, """{"factorization":{"factors":256,"sweeps":1000}}""");
        string shop = Path.Combine(_folder, "shop");
        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("import", "pairs", pairs, "--store", shop)).ExitCode);
        using (var train = CommandProcess.Start("train", "--store", shop, "--recipe", recipe))
        {
            Assert.True(await train.SaysAsync("learning"), train.Error);
            train.Terminate();
            Assert.Equal(ExitCode.Interrupted, await train.EndAsync());
        }
        Assert.Empty(Directory.Exists(Path.Combine(shop, "models")) ? Directory.GetFileSystemEntries(Path.Combine(shop, "models")) : []);
        var (exitCode, output, _) = await CommandProcess.RunAsync("status", "--store", shop, "--json");
        Assert.Equal(ExitCode.Done, exitCode);
        Assert.Contains("\"models\": 0", output);
    }

    private static async Task SendAsync(EventService.EventServiceClient events, string sender, ConcurrentBag<string> acknowledged)
    {
        try
        {
            for (int k = 0; ; k++)
            {
                string id = $"{sender}-{k}";
                await events.RecordEventsAsync(new() { Events = { new Event { EventId = id, Type = "view", CustomerId = "c", ItemId = "i" } } });
                acknowledged.Add(id);
            }
        }
        catch (RpcException error) when (error.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled)
        {
            // The server has been killed, which is the point.
        }
    }

    internal static async Task<string> AddressAsync(CommandProcess server)
    {
        Assert.True(await server.SaysAsync("gRPC on "), server.Error);
        string line = server.Error.Split('\n').First(one => one.Contains("gRPC on ", StringComparison.Ordinal));
        return line.Split("gRPC on ")[1].Split(',')[0];
    }
}
