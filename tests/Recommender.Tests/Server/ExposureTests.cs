using Recommender.Interactions;
using Recommender.Ranking;
using Recommender.Server.Contacts;

namespace Recommender.Tests.Server;

/// <summary>What is remembered of the boxes that somebody was shown.</summary>
public sealed class ExposureTests
{
    [Fact]
    public void A_read_that_began_before_something_was_left_out_is_not_all_that_was_shown()
    {
        var boxes = new Exposures.Boxes();
        int before = boxes.LeftOut;
        boxes.Add(Shown("left-out"));
        Assert.False(boxes.TryGet(out _));
        boxes.Add(Shown("noted"));

        boxes.Complete([], before, default);
        Assert.False(boxes.TryGet(out _));

        boxes.Complete([new ShownBox("left-out", default, "", [])], boxes.LeftOut, default);
        Assert.True(boxes.TryGet(out var all));
        Assert.Equal(["left-out", "noted"], all.Select(box => box.RecommendationId));
    }

    [Fact]
    public void Only_the_last_boxes_are_kept_the_oldest_first()
    {
        var boxes = new Exposures.Boxes();
        boxes.TryGet(out _);
        boxes.Complete([], boxes.LeftOut, default);
        for (int n = 0; n < Exposures.MostBoxes + 2; n++) boxes.Add(Shown($"{n}"));
        Assert.True(boxes.TryGet(out var held));
        Assert.Equal(Enumerable.Range(2, Exposures.MostBoxes).Select(n => $"{n}"), held.Select(box => box.RecommendationId));
    }

    private static ServedRecommendation Shown(string id) => new(id, default, Person.Customer("c"), "", "popular", "", []);
}
