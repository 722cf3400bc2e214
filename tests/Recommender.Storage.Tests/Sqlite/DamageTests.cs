using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Storage.Sqlite;
using Recommender.Storage.Tests.Contracts;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class DamageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_by_name_and_left_alone()
    {
        await using var engine = new SqliteEngine();
        string text = string.Concat(Enumerable.Repeat("not a database. ", 1000));
        await File.WriteAllTextAsync(engine.File, text, Stop);
        await AssertRefusedAsync(engine);
        Assert.Equal(text, await File.ReadAllTextAsync(engine.File, Stop));
    }

    [Fact]
    public async Task A_truncated_file_is_refused_by_name()
    {
        await using var engine = new SqliteEngine();
        await using (IShopStore store = await engine.OpenAsync(Stop)) await store.Events.AppendAsync(Tenant.Default, Events.Views("e", 1_000), Stop);
        await using (FileStream file = File.OpenWrite(engine.File)) file.SetLength(5_000);
        await AssertRefusedAsync(engine);
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        await using var engine = new SqliteEngine();
        using (Connection other = Connection.Open(engine.File)) other.Execute("CREATE TABLE recipes (name TEXT); PRAGMA user_version = 3");
        await AssertRefusedAsync(engine);
        using Connection again = Connection.Open(engine.File);
        Assert.Equal(3, again.ReadPragma("user_version"));
    }

    [Fact]
    public async Task Pages_found_damaged_while_reading_are_reported_by_file()
    {
        await using var engine = new SqliteEngine();
        await using (IShopStore store = await engine.OpenAsync(Stop)) await store.Events.AppendAsync(Tenant.Default, Events.Views("e", 10_000), Stop);
        await using (FileStream file = File.OpenWrite(engine.File))
        {
            file.Position = 4096 * 64;
            await file.WriteAsync(new byte[file.Length - file.Position], Stop);
        }
        await using IShopStore damaged = await engine.OpenAsync(Stop);
        StoreCorruptException refusal = await Assert.ThrowsAsync<StoreCorruptException>(() => damaged.Events.ReadAllAsync(Tenant.Default));
        Assert.Contains(engine.File, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalogue_with_damaged_pages_is_refused_by_file()
    {
        await using var engine = new SqliteEngine();
        Item[] items = [.. Enumerable.Range(0, 20_000).Select(number => new Item($"article-{number:D8}"))];
        await using (IShopStore store = await engine.OpenAsync(Stop)) await store.Items.UpsertAsync(Tenant.Default, items, Stop);
        await using (FileStream file = File.OpenWrite(engine.File))
        {
            file.Position = 4096 * 64;
            await file.WriteAsync(new byte[file.Length - file.Position], Stop);
        }
        await using IShopStore damaged = await engine.OpenAsync(Stop);
        StoreCorruptException refusal = await Assert.ThrowsAsync<StoreCorruptException>(() => damaged.Items.AllAsync(Tenant.Default, Stop));
        Assert.Contains(engine.File, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[5]")]
    [InlineData("{\"items\":[[9,1,0]],\"names\":[]}")]
    [InlineData("{\"items\":[[-1,1,0]],\"names\":[\"a\"]}")]
    [InlineData("{\"items\":[[0.5,1,0]],\"names\":[\"a\"]}")]
    [InlineData("{\"items\":[[0]],\"names\":[\"a\"]}")]
    [InlineData("{\"items\":[[0,1,0]],\"names\":[null]}")]
    [InlineData("{\"items\":[[0,1,0,[0,0]]],\"names\":[\"a\"]}")]
    [InlineData("{\"items\":[{}],\"names\":[\"a\"]}")]
    public async Task What_was_shown_and_cannot_be_read_is_refused_by_its_id(string items)
    {
        await using var engine = new SqliteEngine();
        using (Connection connection = SqliteShopStore.OpenForWriting(engine.File, Migrations.All))
        {
            connection.Execute($"INSERT INTO recommendations VALUES ('default', 'rec-7', 0, 0, 'ann', 'home', 'popular', 'm', '{items}')");
        }
        await using IShopStore store = await engine.OpenAsync(Stop);
        Assert.Contains("rec-7", (await Assert.ThrowsAsync<StoreCorruptException>(
            () => store.Recommendations.FindAsync(Tenant.Default, "rec-7", Stop))).Message, StringComparison.Ordinal);
        Assert.Contains("rec-7", (await Assert.ThrowsAsync<StoreCorruptException>(
            () => store.Recommendations.ReadPersonAsync(Tenant.Default, Person.Customer("ann"), default, 10, Stop))).Message,
            StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(SqliteEngine engine)
    {
        StoreCorruptException refusal = await Assert.ThrowsAsync<StoreCorruptException>(() => engine.OpenAsync(Stop));
        Assert.Contains(engine.File, refusal.Message, StringComparison.Ordinal);
        Assert.Matches("Restore|another data folder", refusal.Message);
    }
}
