using Recommender.Interactions;
using Recommender.Popularity;

namespace Recommender.Tests.Popularity;

public sealed class ItemPopularityTests
{
    [Fact]
    public void Items_are_ordered_by_the_sum_of_their_confidences_and_equals_by_number()
    {
        var interactions = new InteractionMatrix(5, [0, 2, 4, 5], [1, 3, 1, 2, 4], [0.5f, 2, 0.5f, 1, 1]);
        ItemPopularity popularity = ItemPopularity.Of(interactions);
        Assert.Equal([3, 1, 2, 4, 0], popularity.Order.ToArray());
        Assert.Equal([0, 0.5f, 0.5f, 1, 0.5f], popularity.Shares.ToArray());
    }
}
