namespace Recommender.Tests.Catalogue;

public sealed class NearestNameTests
{
    private static readonly string[] _fields = ["price", "genre", "tags", "title", "author", "available"];

    [Theory]
    [InlineData("pirce", "price")] // neighbours swapped
    [InlineData("genr", "genre")] // a letter missing
    [InlineData("titlee", "title")] // one too many
    [InlineData("auther", "author")] // a wrong one
    [InlineData("PRICE", "price")] // another case
    [InlineData("avialabel", "available")]
    public void A_slip_of_the_fingers_finds_the_name_that_was_meant(string typed, string meant) =>
        Assert.Equal(meant, NearestName.Of(typed, _fields));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("colour")]
    [InlineData("quantity")]
    public void Nothing_is_suggested_where_nothing_is_near(string typed) => Assert.Null(NearestName.Of(typed, _fields));

    [Fact]
    public void The_nearest_of_several_is_suggested_and_the_first_of_equals()
    {
        Assert.Equal("home", NearestName.Of("homw", ["hope", "homes", "home"]));
        Assert.Equal("cart", NearestName.Of("carx", ["cart", "cars"]));
    }

    [Fact]
    public void Very_long_names_are_not_compared() => Assert.Null(NearestName.Of(new string('a', 100_000), [new string('a', 100_000)]));
}
