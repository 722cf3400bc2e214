using Recommender.Storage.Mongo;

namespace Recommender.Storage.Tests.Mongo;

public sealed class MongoLocationTests
{
    [Theory]
    [InlineData("mongodb://db.example", "recommender", "mongodb://db.example/recommender")]
    [InlineData("mongodb://db.example/", "recommender", "mongodb://db.example/recommender")]
    [InlineData("mongodb://db.example?tls=true", "recommender", "mongodb://db.example/recommender")]
    [InlineData("mongodb://a:27017,b:27018,[::1]:27019/books?replicaSet=rs", "books", "mongodb://a:27017,b:27018,[::1]:27019/books")]
    [InlineData("mongodb+srv://app:s3cret@cluster.example/b%C3%BCcher?authSource=admin", "bücher", "mongodb+srv://cluster.example/bücher")]
    [InlineData("mongodb://app:s3%40cret%2F@db.example/books", "books", "mongodb://db.example/books")]
    public void A_location_shows_its_servers_and_its_database_and_no_credentials(string uri, string database, string shown)
    {
        var location = Assert.IsType<MongoLocation>(ShopLocation.Parse(uri));
        Assert.Equal(database, location.Database);
        Assert.Equal(shown, $"{location}");
    }

    [Theory]
    [InlineData("mongodb://app:s3@cret@db.example/")]
    [InlineData("mongodb://app:s3/cret@db.example/")]
    [InlineData("mongodb://app:s3?cret@db.example/")]
    [InlineData("mongodb://app:s3:cret@db.example/")]
    [InlineData("mongodb://app:s3#cret@db.example/")]
    [InlineData("mongodb://app:s3[cret@db.example/")]
    [InlineData("mongodb://app:s3%cret@db.example/")]
    [InlineData("mongodb://app:s3cret%@db.example/")]
    [InlineData("mongodb://app:s3cret@/books")]
    [InlineData("mongodb://app:s3cret@db.example/my.books")]
    [InlineData("mongodb://app:s3cret@db.example/my%20books")]
    [InlineData("mongodb://app:s3cret@db.example/abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-abcdefghij")]
    [InlineData("mongodb://app:s3cret@db.example/books?appName=100%")]
    [InlineData("mongodb://")]
    public void A_location_that_cannot_be_used_says_so_without_its_password(string uri)
    {
        var problem = Assert.Throws<UnusableLocationException>(() => ShopLocation.Parse(uri));
        Assert.DoesNotContain("s3", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cret", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mongodb://app:s3cret@db.example:notaport/")]
    [InlineData("mongodb://app:s3cret@db.example/?readPreference=whatever")]
    [InlineData("mongodb://app:s3cret@db.example/?maxPoolSize=abc")]
    [InlineData("mongodb://app:s3cret@a.example,b.example/?directConnection=true")]
    public async Task What_only_the_driver_knows_to_be_wrong_is_said_at_opening_and_without_the_password_too(string uri)
    {
        var location = ShopLocation.Parse(uri);
        var problem = await Assert.ThrowsAsync<StoreException>(() => location.OpenAsync(TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.StartsWith("The URI of the MongoDB cannot be used: ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_nobody_opened_as_a_shop_is_none_and_does_not_become_one_by_asking()
    {
        await using var engine = new MongoEngine();
        var location = ShopLocation.Parse($"{engine.Uri.TrimEnd('/')}/{engine.Database}");
        Assert.False(await location.ExistsAsync(TestContext.Current.CancellationToken));
        Assert.False(await location.ExistsAsync(TestContext.Current.CancellationToken));
        await (await location.OpenAsync(TimeProvider.System, TestContext.Current.CancellationToken)).DisposeAsync();
        Assert.True(await location.ExistsAsync(TestContext.Current.CancellationToken));
    }
}
