namespace Recommender.Storage.Tests.Contracts;

public abstract class CheckpointsContract(IStoreEngine engine) : StoreContract(engine)
{
    private ICheckpoints Checkpoints => Store.Checkpoints;

    [Fact]
    public async Task A_checkpoint_is_found_after_reopening_replaced_and_deleted()
    {
        Assert.Null(await Checkpoints.FindAsync(Books, "import", Stop));
        await Checkpoints.SetAsync(Books, "import", "line 10", Stop);
        await Checkpoints.SetAsync(Books, "import", "line 20", Stop);
        await ReopenAsync();
        Assert.Equal("line 20", await Checkpoints.FindAsync(Books, "import", Stop));
        await Checkpoints.DeleteAsync(Books, "import", Stop);
        await Checkpoints.DeleteAsync(Books, "import", Stop);
        Assert.Null(await Checkpoints.FindAsync(Books, "import", Stop));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_is_kept(string text)
    {
        await Checkpoints.SetAsync(Books, text, text, Stop);
        Assert.Equal(text, await Checkpoints.FindAsync(Books, text, Stop));
    }

    [Fact]
    public async Task Shops_do_not_see_one_another()
    {
        await Checkpoints.SetAsync(Books, "import", "books", Stop);
        await Checkpoints.SetAsync(Wines, "import", "", Stop);
        await Checkpoints.DeleteAsync(Books, "import", Stop);
        Assert.Null(await Checkpoints.FindAsync(Books, "import", Stop));
        Assert.Equal("", await Checkpoints.FindAsync(Wines, "import", Stop));
    }
}
