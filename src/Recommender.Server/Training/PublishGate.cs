using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Server.Training;

/// <summary>
/// Compares a version with the live one before it takes its place, on the standing hold-out as the log has it now. One that is worse
/// beyond the confidence interval stays out unless somebody insists.
/// </summary>
internal sealed class PublishGate(Shop shop, LogReading log)
{
    /// <param name="candidate">What is to go live.</param>
    /// <param name="read">Sets that were made of the log just now; what is missing is read.</param>
    /// <param name="background">Where it is worked out.</param>
    /// <param name="cancellation">Stops within one customer; nothing was changed.</param>
    public async Task<GateVerdict> JudgeAsync(TrainedModel candidate, IReadOnlyList<TrainingSet> read, BackgroundThreads background, CancellationToken cancellation)
    {
        if (shop.Live.Current.Model is not { } live) return new GateVerdict(null, null, "no version was live");
        if (live.Card.Id == candidate.Card.Id) return new GateVerdict(live.Card.Id, null, "it is live already");
        var (of, beside) = (candidate.Card.Recipe.Confidence, live.Card.Recipe.Confidence);
        if (!read.Any(set => set.Confidence.Equals(of)) || !read.Any(set => set.Confidence.Equals(beside)))
            read = await background.RunAsync(() => log.ReadAsync(of.Equals(beside) ? [of] : [of, beside], progress: null, part: 0, cancellation), cancellation);
        var (set, besideSet) = (read.First(one => one.Confidence.Equals(of)), read.First(one => one.Confidence.Equals(beside)));
        // The smaller share is what neither has learned: the larger one contains it.
        double share = Math.Min(live.Card.HeldOutShare, candidate.Card.HeldOutShare);
        if (share == 0)
        {
            var whole = live.Card.HeldOutShare == 0 ? live.Card : candidate.Card;
            return new GateVerdict(live.Card.Id, null, $"not compared: {whole.Id} has learned what the other would be asked for, for nothing was held out of it");
        }
        var comparison = await background.RunAsync(() =>
        {
            var holdOut = StandingHoldOut.Split(set, share);
            var besideHoldOut = ReferenceEquals(set, besideSet) ? holdOut : StandingHoldOut.Split(besideSet, share);
            return ModelComparison.Of((candidate, holdOut), (live, besideHoldOut), background.MaximumConcurrencyLevel, cancellation);
        }, cancellation);
        return comparison is null
            ? new GateVerdict(live.Card.Id, null, $"not compared: fewer than {ModelComparison.FewestCustomers} customers have anything held out")
            : new GateVerdict(live.Card.Id, comparison, comparison.ToString());
    }
}

/// <summary>What the gate found.</summary>
/// <param name="LiveId">The version that was live; null without one.</param>
/// <param name="Comparison">Null where they could not be compared.</param>
/// <param name="Summary">For people and the record.</param>
public sealed record GateVerdict(string? LiveId, ModelComparison? Comparison, string Summary)
{
    /// <summary>Whether it takes somebody who insists.</summary>
    public bool Refused => Comparison?.Worse ?? false;
}
