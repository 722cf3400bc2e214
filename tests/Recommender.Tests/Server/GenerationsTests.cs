using Recommender.Interactions;
using Recommender.Server.Profiles;

namespace Recommender.Tests.Server;

public sealed class GenerationsTests
{
    private static readonly Person _person = Person.Customer("c");

    [Fact]
    public void Whoever_is_put_again_counts_once_with_what_was_put_last_and_whoever_is_removed_no_more()
    {
        var memory = new Generations<string>();
        memory.Put(_person, "first");
        memory.Put(_person, "second");
        Assert.Equal(1, memory.Young);
        Assert.True(memory.TryGetYoung(_person, out string? value));
        Assert.Equal("second", value);

        Assert.Equal("second", memory.Remove(_person));
        Assert.Null(memory.Remove(_person));
        Assert.Equal(0, memory.Young);
        memory.Put(_person, "third");
        Assert.Equal(1, memory.Young);
    }
}
