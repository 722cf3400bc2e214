using System.Text.Json.Nodes;
using Recommender.Cli;
using Recommender.MlNet;
using Recommender.Tests.MlNet;

namespace Recommender.Tests.Commands;

/// <summary>A shop that comes from ML.NET brings its model along, and may take it back.</summary>
public sealed class ModelTravelTests : IDisposable
{
    private const int Kinds = 2, CustomersEach = 10, ItemsEach = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("travel-").FullName;

    private string Shop => Path.Combine(_folder, "shop");

    private string Zip => Path.Combine(_folder, "movies.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_model_of_ml_net_is_shown_imported_served_and_exported_again()
    {
        SavedFactorization saved = Planted();
        await File.WriteAllBytesAsync(Zip, MlNetFixtures.Write(saved));
        await ImportEventsAsync();

        var show = await CommandProcess.RunAsync("model", "show", Zip, "--json");
        Assert.Equal("userId", JsonNode.Parse(show.Output)!["customers_guessed"]!.GetValue<string>());

        var import = await CommandProcess.RunAsync("model", "import", Zip, "--store", Shop, "--json");
        Assert.Equal((ExitCode.Done, ""), (import.ExitCode, import.ExitCode == ExitCode.Done ? "" : import.Error));
        Assert.Contains("customers are 'userId'", import.Error);
        Assert.Contains("--user-column movieId", import.Error);
        var card = JsonNode.Parse(import.Output)!;
        string version = card["id"]!.GetValue<string>();
        Assert.Contains("movies.zip", card["origin"]!.GetValue<string>());

        var recommend = await CommandProcess.RunAsync("recommend", "--store", Shop, "--customer", "u0", "--count", "1", "--json");
        var answer = JsonNode.Parse(recommend.Output)!;
        Assert.Equal((version, "kind0-0"), (answer["model_version"]!.GetValue<string>(), answer["items"]![0]!["item_id"]!.GetValue<string>()));

        string back = Path.Combine(_folder, "back.zip"), form = Path.Combine(_folder, "form");
        var export = await CommandProcess.RunAsync("model", "export", "--store", Shop, "--out", back, "--user-column", "userId", "--item-column", "movieId");
        Assert.Equal((ExitCode.Done, ""), (export.ExitCode, export.Error));
        SavedFactorization again = MlNetFixtures.Read(await File.ReadAllBytesAsync(back));
        // Another scale and another basis, and the same order of items for everybody.
        var (before, after) = (new MatrixFactorizationModel(saved, MatrixSide.Columns), new MatrixFactorizationModel(again, MatrixSide.Columns));
        float scale = after.Predict("u0", "kind0-1") / before.Predict("u0", "kind0-1");
        Assert.All(from user in Enumerable.Range(0, Kinds * CustomersEach)
                   from item in Enumerable.Range(0, Kinds * ItemsEach)
                   select (User: $"u{user}", Item: Item(item)),
            pair => Assert.Equal(before.Predict(pair.User, pair.Item) * scale, after.Predict(pair.User, pair.Item), 1e-4));

        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("model", "export", "--store", Shop, "--model", version, "--out", form)).ExitCode);
        var shown = await CommandProcess.RunAsync("model", "show", form);
        Assert.Contains(version, shown.Output);
        Assert.Contains("movies.zip", shown.Output);
    }

    [Fact]
    public async Task What_cannot_be_imported_is_refused_by_its_name_and_leaves_the_shop_as_it_was()
    {
        await ImportEventsAsync();
        await File.WriteAllTextAsync(Zip, "not a model");
        var import = await CommandProcess.RunAsync("model", "import", Zip, "--store", Shop);
        Assert.Equal(ExitCode.Failed, import.ExitCode);
        Assert.Contains("movies.zip", import.Error);
        Assert.Contains("no zip", import.Error);

        await File.WriteAllBytesAsync(Zip, MlNetFixtures.Write(Planted()));
        import = await CommandProcess.RunAsync("model", "import", Zip, "--store", Shop, "--user-column", "customer");
        Assert.Equal(ExitCode.Failed, import.ExitCode);
        Assert.Contains("'customer'", import.Error);

        var list = await CommandProcess.RunAsync("model", "list", "--store", Shop, "--json");
        Assert.Empty(JsonNode.Parse(list.Output)!["models"]!.AsArray());
    }

    [Fact]
    public async Task A_version_of_another_format_is_listed_as_one_that_cannot_be_served()
    {
        await using (var shop = await Recommender.Server.Shop.OpenAsync(new() { Store = Recommender.Storage.ShopLocation.Parse(Shop) }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, default))
        {
            await shop.Store.Models.AddAsync(shop.Tenant, new("20250101-000000-abcdef", DateTimeOffset.UnixEpoch, 7, """{ "format": 2, "id": "20250101-000000-abcdef", "old": 1 }"""), default);
        }
        var list = await CommandProcess.RunAsync("model", "list", "--store", Shop, "--json");
        Assert.Equal((ExitCode.Done, ""), (list.ExitCode, list.Error));
        var model = Assert.Single(JsonNode.Parse(list.Output)!["models"]!.AsArray())!;
        Assert.Equal(("20250101-000000-abcdef", "format 2, cannot be served"), (model["id"]!.GetValue<string>(), model["problem"]!.GetValue<string>()));
        list = await CommandProcess.RunAsync("model", "list", "--store", Shop);
        Assert.Equal((ExitCode.Done, ""), (list.ExitCode, list.Error));
        Assert.Contains("format 2", list.Output);
    }

    private async Task ImportEventsAsync()
    {
        string csv = Path.Combine(_folder, "orders.csv");
        var lines = from user in Enumerable.Range(0, Kinds * CustomersEach)
                    from item in Enumerable.Range(0, ItemsEach)
                    where item != user / Kinds % ItemsEach
                    select $"u{user},{Item(user % Kinds * ItemsEach + item)},2026-01-02T10:00:00Z,1";
        await File.WriteAllLinesAsync(csv, lines.Prepend("customer,item,time,quantity"));
        Assert.Equal(ExitCode.Done, (await CommandProcess.RunAsync("import", "csv", csv, "--store", Shop, "--type", "purchase")).ExitCode);
    }

    private static string Item(int item) => $"kind{item / ItemsEach}-{item % ItemsEach}";

    /// <summary>Stars of a rating: 4.5 for the customer's kind, 0 for the other.</summary>
    private static SavedFactorization Planted()
    {
        string[] users = [.. Enumerable.Range(0, Kinds * CustomersEach).Select(user => $"u{user}")],
            items = [.. Enumerable.Range(0, Kinds * ItemsEach).Select(Item)];
        return new SavedFactorization(
            new SavedSide("movieId", "movieKey", KeyVocabulary.OfTexts(items), Values(items.Length, item => item / ItemsEach, 0.5f)),
            new SavedSide("userId", "userKey", KeyVocabulary.OfTexts(users), Values(users.Length, user => user % Kinds, 9)), Kinds);

        static float[] Values(int rows, Func<int, int> kind, float value) =>
            [.. Enumerable.Range(0, rows * Kinds).Select(at => kind(at / Kinds) == at % Kinds ? value : 0)];
    }
}
