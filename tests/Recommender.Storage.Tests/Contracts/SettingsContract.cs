namespace Recommender.Storage.Tests.Contracts;

public abstract class SettingsContract(IStoreEngine engine) : StoreContract(engine)
{
    private ISettings Settings => Store.Settings;

    [Fact]
    public async Task A_setting_is_found_after_reopening_and_replaced()
    {
        Assert.Null(await Settings.FindAsync(Books, "budgets", Stop));
        await Settings.SetAsync(Books, "budgets", """{"mail": 1}""", Stop);
        await Settings.SetAsync(Books, "budgets", """{"mail": 2}""", Stop);
        await ReopenAsync();
        Assert.Equal("""{"mail": 2}""", await Settings.FindAsync(Books, "budgets", Stop));
        Assert.Null(await Settings.FindAsync(Books, "Budgets", Stop));
    }

    [Fact]
    public async Task Of_many_who_set_what_nobody_has_set_one_does_and_all_find_it()
    {
        bool[] set = await Task.WhenAll(Enumerable.Range(0, 16).Select(one => Settings.TryAddAsync(Books, "secret", $"{one}", Stop)));
        Assert.Equal(1, set.Count(done => done));
        Assert.Equal($"{Array.IndexOf(set, true)}", await Settings.FindAsync(Books, "secret", Stop));
        Assert.True(await Settings.TryAddAsync(Wines, "secret", "of wines", Stop));
        await ReopenAsync();
        Assert.False(await Settings.TryAddAsync(Books, "secret", "too late", Stop));
        Assert.Equal($"{Array.IndexOf(set, true)}", await Settings.FindAsync(Books, "secret", Stop));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Settings.TryAddAsync(Books, "", "{}", Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        await Settings.SetAsync(Books, text, text, Stop);
        Assert.Equal(text, await Settings.FindAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another_and_checkpoints_are_something_else()
    {
        await Settings.SetAsync(Books, "schema", "books", Stop);
        await Settings.SetAsync(Wines, "schema", "wines", Stop);
        Assert.Equal("books", await Settings.FindAsync(Books, "schema", Stop));
        Assert.Null(await Settings.FindAsync(new Tenant("cheese"), "schema", Stop));
        Assert.Null(await Store.Checkpoints.FindAsync(Books, "schema", Stop));
    }

    [Fact]
    public async Task A_setting_without_a_name_or_with_half_a_character_is_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Settings.SetAsync(Books, "", "{}", Stop));
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => Settings.SetAsync(Books, "budgets", "\ud83d", Stop));
        Assert.Contains("budgets", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await Settings.FindAsync(Books, "budgets", Stop));
    }
}
