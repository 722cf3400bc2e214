using Recommender.Catalogue;
using Recommender.Storage.Sqlite;

namespace Recommender.Storage.Tests.Sqlite;

public sealed class ItemReadingTests
{
    [Fact]
    public void Reading_a_catalogue_that_is_cancelled_ends_as_cancelled_between_rows_too()
    {
        using var cancel = new CancellationTokenSource();
        int read = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => SqliteItemStore.Make(CancelledOnTheWay(), cancel.Token));
        Assert.Equal(3, read);

        IEnumerable<RawItems> CancelledOnTheWay()
        {
            while (read < 100)
            {
                if (++read == 3) cancel.Cancel();
                yield return new RawItems();
            }
        }
    }

    [Fact]
    public async Task What_was_begun_before_is_made_to_its_end()
    {
        using var cancel = new CancellationTokenSource();
        List<Task<Item[]>> begun = SqliteItemStore.Make(Enumerable.Range(0, 100).Select(_ => new RawItems()), cancel.Token);
        await cancel.CancelAsync();
        Assert.All(await Task.WhenAll(begun), Assert.Empty);
        Assert.Equal(100, begun.Count);
    }
}
