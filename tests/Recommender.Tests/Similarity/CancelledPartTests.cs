using Recommender.Interactions;
using Recommender.Models;
using Recommender.Similarity;
using Recommender.Tests.Models;

namespace Recommender.Tests.Similarity;

public sealed class CancelledPartTests
{
    private const int Items = 400;
    private readonly TrainingSet _set = SmallShop.Random(21, customers: 300, Items);

    public static TheoryData<SimilarityOptions> Parts => [new SparseEaseOptions(), new EaseOptions(), new ItemKnnOptions(), new RandomWalkOptions()];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_tells_of_every_item_it_has_done(SimilarityOptions part)
    {
        int done = 0;
        part.Fit(_set.Matrix, threads: 2, items => Interlocked.Add(ref done, items), CancellationToken.None);
        Assert.Equal(Items, done);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_that_is_cancelled_in_the_middle_goes_no_further(SimilarityOptions part)
    {
        using var stopping = new CancellationTokenSource();
        int done = 0, doneWhenStopped = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => part.Fit(_set.Matrix, threads: 1, items =>
        {
            done += items;
            if (done < Items / 2 || stopping.IsCancellationRequested) return;
            doneWhenStopped = done;
            stopping.Cancel();
        }, stopping.Token));
        Assert.InRange(done, Items / 2, Items - 1);
        Assert.Equal(doneWhenStopped, done);
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_training_that_is_cancelled_in_the_middle_of_a_part_stops_there(SimilarityOptions part)
    {
        using var stopping = new CancellationTokenSource();
        var progress = new Stopper("neighbours 2 of 2", at: 0.97, stopping);
        Assert.ThrowsAny<OperationCanceledException>(() => Training.Run(_set, SmallShop.Recipe() with { Similarities = [new RandomWalkOptions(), part] },
            new TrainingConditions { Threads = 1, AvailableBytes = SmallShop.PlentyOfMemory, Progress = progress }, stopping.Token));
        Assert.InRange(progress.Last, 0.97, 0.995);
        Assert.Equal(progress.Seen.Order(), progress.Seen);
    }

    private sealed class Stopper(string step, double at, CancellationTokenSource stopping) : IProgress<TrainingProgress>
    {
        public List<double> Seen { get; } = [];

        public double Last => Seen[^1];

        public void Report(TrainingProgress value)
        {
            Seen.Add(value.Done);
            if (value.Step == step && value.Done >= at) stopping.Cancel();
        }
    }
}
