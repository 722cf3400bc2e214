using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Recommender.Catalogue;
using Recommender.Cli;
using Recommender.Cli.Copying;
using Recommender.Cli.Terminal;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server;
using Recommender.Server.Errors;
using Recommender.Server.Security;
using Recommender.Server.Serving;
using Recommender.Storage;

namespace Recommender.Tests.Commands;

/// <summary>A shop moved to another place: what it knows, answers and refuses is the same there.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("copy-").FullName;

    private ShopLocation From => ShopLocation.Parse(Path.Combine(_root, "from"));

    private ShopLocation To => ShopLocation.Parse(Path.Combine(_root, "to"));

    public async ValueTask InitializeAsync()
    {
        await using (var files = await From.OpenFilesAsync(default))
        {
            await files.WriteAsync("recipe.json", """{"factorization":{"factors":2}}"""u8.ToArray(), default);
            await AccessKeys.CreateAsync(files, Role.Server, default);
        }
        await using var shop = await OpenAsync(From);
        await shop.Live.UpsertItemsAsync([.. Enumerable.Range(0, 30).Select(number => new Item($"book-{number}"))], default);
        await shop.RecordAsync(
            [.. from reader in Enumerable.Range(0, 300) from book in Enumerable.Range(0, 10) select Purchase($"{reader}-{book}",
                $"c{reader}", $"book-{(reader * 3 + book * 7) % 30}")], default);
        await shop.Profiles.UpsertAsync([new Customer("c1")], default);
        await shop.Linking.LinkAsync(Person.Visitor("phone"), "c1", null, "sign-in", default);
        await shop.Forgetting.EventsAsync(Person.Customer("c2"), ["2-0"], default);
        await shop.Forgetting.CustomerAsync("c3", default);
        await shop.Models.TrainAsync(shop.Recipe, Recommender.Server.Training.PublishWish.IfNotWorse, threads: 1,
            new Progress<Recommender.Server.Training.TrainingStep>(), default);
        await shop.Kept.SettleAsync(default);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_moved_shop_answers_as_before_and_keeps_its_promises()
    {
        var (exitCode, output, error) = await CommandProcess.RunAsync("copy", "--from", $"{From}", "--to", $"{To}", "--json");
        Assert.True(exitCode == ExitCode.Done, error);
        var events = JsonNode.Parse(output)!["kinds"]!.AsArray().Single(kind => kind!["kind"]!.GetValue<string>() == "events")!;
        Assert.Equal((2989, 2989, true), (events["from"]!.GetValue<int>(), events["to"]!.GetValue<int>(), events["same"]!.GetValue<bool>()));

        await using var before = await OpenAsync(From);
        await using var after = await OpenAsync(To);
        Assert.Equal(before.Models.LiveId, after.Models.LiveId);
        Assert.Equal(before.Keys.Server, after.Keys.Server);
        Assert.Equal(before.Recipe.ToJson(), after.Recipe.ToJson());
        foreach (var person in (Person[])[Person.Customer("c1"), Person.Visitor("phone"), Person.Customer("c7")])
            Assert.Equal(await ItemsAsync(before, person), await ItemsAsync(after, person));
        Assert.Equal(AppendStatus.Duplicate, (await after.RecordAsync([Purchase("2-0", "c2", "book-1")], default))[0].Status);
        await Assert.ThrowsAsync<RefusedException>(() => after.RecordAsync([Purchase("new", "c3", "book-1")], default));
        Assert.Equal(before.SessionIds.Of(Person.Customer("c1"), "taste", 0), after.SessionIds.Of(Person.Customer("c1"), "taste", 0));
    }

    [Fact]
    public async Task A_copy_that_was_stopped_is_no_shop_yet_and_ends_the_same_when_it_is_called_again()
    {
        await RecordMoreAsync(4_000);
        using var stopping = new CancellationTokenSource();
        // At the second page of the events, with more to come.
        var stop = new At(step => step.Stage.StartsWith("events, 4,", StringComparison.Ordinal), stopping.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ShopCopy(From, To, TimeProvider.System).RunAsync(stop, stopping.Token));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => OpenAsync(To));
        Assert.Contains("recommender copy", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InputException>(() =>
            new ShopCopy(ShopLocation.Parse(Path.Combine(_root, "elsewhere")), To, TimeProvider.System)
            .RunAsync(new At(_ => false, () => { }), default));

        var first = new List<string>();
        var result = await new ShopCopy(From, To, TimeProvider.System).RunAsync(new At(step => { first.Add(step.Stage); return false; }, () => { }), default);
        Assert.True(result.Complete && result.Resumed, string.Join(", ", result.Kinds));
        Assert.StartsWith("events", first[0], StringComparison.Ordinal);
        await (await OpenAsync(To)).DisposeAsync();
    }

    [Fact]
    public async Task A_shop_moved_into_MongoDB_and_out_again_answers_as_before_at_every_place()
    {
        await using var place = new MongoPlace();
        var into = await CopyAsync($"{From}", place.Uri);
        var back = await CopyAsync(place.Uri, $"{To}");
        Assert.All(into["kinds"]!.AsArray(), kind => Assert.True(kind!["same"]!.GetValue<bool>(), $"{kind}"));
        // The same counts and checksums at all three places.
        Assert.Equal($"{into["kinds"]}", $"{back["kinds"]}");

        await using var before = await OpenAsync(From);
        foreach (var there in (ShopLocation[])[place.Location, To])
        {
            await using var after = await OpenAsync(there);
            Assert.Equal((before.Models.LiveId, before.Recipe.ToJson()), (after.Models.LiveId, after.Recipe.ToJson()));
            Assert.Equal(before.Keys.Server, after.Keys.Server);
            foreach (var person in (Person[])[Person.Customer("c1"), Person.Visitor("phone"), Person.Customer("c7")])
            {
                var expected = await ItemsAsync(before, person);
                Assert.NotEmpty(expected);
                Assert.Equal(expected, await ItemsAsync(after, person));
            }
            Assert.Equal(AppendStatus.Duplicate, (await after.RecordAsync([Purchase("2-0", "c2", "book-1")], default))[0].Status);
            await Assert.ThrowsAsync<RefusedException>(() => after.RecordAsync([Purchase("new", "c3", "book-1")], default));
        }
    }

    [Fact]
    public async Task A_copy_into_MongoDB_that_is_killed_in_the_middle_ends_the_same_when_it_is_called_again()
    {
        await using var place = new MongoPlace();
        await RecordMoreAsync(60_000);

        using (var copy = CommandProcess.Start("copy", "--from", $"{From}", "--to", place.Uri))
        {
            while (!await place.Location.ExistsAsync(default)) await Task.Delay(10);
            await using var target = await place.Location.OpenAsync(TimeProvider.System, default);
            while (await CopyMark.FindAsync(target, Tenant.Default, default) is not { Kind: RecordKind.Event, After: not null }) await Task.Delay(10);
            copy.Kill();
            await copy.EndAsync();
            Assert.True(await CopyMark.FindAsync(target, Tenant.Default, default) is { Kind: RecordKind.Event },
                "It was killed too late: the events were copied.");
        }
        await Assert.ThrowsAsync<RefusedException>(() => OpenAsync(place.Location));

        var result = await CopyAsync($"{From}", place.Uri);
        Assert.True(result["resumed"]!.GetValue<bool>());
        var events = result["kinds"]!.AsArray().Single(kind => kind!["kind"]!.GetValue<string>() == "events")!;
        Assert.Equal((62_989, true), (events["to"]!.GetValue<int>(), events["same"]!.GetValue<bool>()));
        await using var before = await OpenAsync(From);
        await using var after = await OpenAsync(place.Location);
        Assert.Equal(await ItemsAsync(before, Person.Customer("c1")), await ItemsAsync(after, Person.Customer("c1")));
    }

    [Fact]
    public async Task A_place_that_holds_a_shop_is_left_alone()
    {
        await (await OpenAsync(To)).DisposeAsync();
        var (exitCode, _, error) = await CommandProcess.RunAsync("copy", "--from", $"{From}", "--to", $"{To}");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("holds a shop already", error);
        await using var shop = await OpenAsync(To);
        Assert.Equal(0, await shop.Store.Items.CountAsync(shop.Tenant, default));
    }

    [Fact]
    public async Task What_differs_at_the_end_is_named_and_the_exit_code_says_so()
    {
        string model = Directory.GetDirectories(Path.Combine($"{From}", "models")).Single();
        string file = Directory.GetFiles(model, "*.safetensors").First();
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var (exitCode, output, error) = await CommandProcess.RunAsync("copy", "--from", $"{From}", "--to", $"{To}");
        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(Path.GetFileName(model), error);
        Assert.Contains("same", output);
    }

    private async Task RecordMoreAsync(int count)
    {
        await using var store = await From.OpenAsync(TimeProvider.System, default);
        await store.Events.AppendAsync(Tenant.Default,
            [.. Enumerable.Range(0, count).Select(number => Purchase($"more-{number}", $"c{number % 300}", $"book-{number % 30}"))],
            default);
    }

    /// <summary>Copies as a user does; the two sides are equal afterwards.</summary>
    private static async Task<JsonNode> CopyAsync(string from, string to)
    {
        var (exitCode, output, error) = await CommandProcess.RunAsync("copy", "--from", from, "--to", to, "--json");
        Assert.True(exitCode == ExitCode.Done, error);
        return JsonNode.Parse(output)!;
    }

    private static Task<Shop> OpenAsync(ShopLocation location) =>
        Shop.OpenAsync(new ShopOptions { Store = location }, TimeProvider.System, NullLoggerFactory.Instance, default);

    private static async Task<IEnumerable<(string, float)>> ItemsAsync(Shop shop, Person person) =>
        (await shop.Recommending.AnswerAsync(new RecommendQuery { Person = person, Preview = true }, default)).Served.Items.Select(item =>
            (item.ItemId, item.Score));

    private static ShopEvent Purchase(string id, string customer, string item) => new()
    {
        EventId = id,
        Type = EventTypes.Purchase,
        Person = Person.Customer(customer),
        ItemId = item,
        OccurredAt = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero),
    };

    private sealed class At(Func<Step, bool> when, Action what) : IProgress<Step>
    {
        public void Report(Step value)
        {
            if (when(value)) what();
        }
    }
}
