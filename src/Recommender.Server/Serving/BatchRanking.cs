using Recommender.Scoring;

namespace Recommender.Server.Serving;

/// <summary>
/// Ranks for many at once where that makes no difference to them: several pass the catalogue together. What it needs beside the model is made once a model.
/// </summary>
internal sealed class BatchRanking
{
    private InService? _live;
    private BatchScorer? _scorer;

    /// <summary>Gives those who are plain their best items; the others are ranked one at a time, with their answers.</summary>
    /// <param name="prepared">All of one moment, with the same boosts; empty where there is nothing to answer.</param>
    public async Task RankAsync(PreparedRequest?[] prepared, Moment now, ParallelOptions options)
    {
        int[] plain = [.. Enumerable.Range(0, prepared.Length).Where(i => prepared[i] is { IsPlain: true })];
        if (plain.Length == 0) return;
        if (_live != now.Live) (_live, _scorer) = (now.Live, new BatchScorer(now.Live.Model!));
        _scorer!.Newcomers = now.Newcomers!;
        _scorer.Boosts = prepared[plain[0]]!.Boosts.Scores;
        BatchPerson[] people = [.. plain.Select(i => Of(prepared[i]!))];
        var scheduler = options.TaskScheduler!;
        // What it does in parallel is done where it was begun.
        await Task.Factory.StartNew(() => _scorer.Personalised(people, scheduler.MaximumConcurrencyLevel, options.CancellationToken),
            options.CancellationToken, TaskCreationOptions.DenyChildAttach, scheduler);
        for (int k = 0; k < plain.Length; k++)
            prepared[plain[k]] = prepared[plain[k]]! with { Ranked = people[k].Top.AsMemory(0, people[k].Found) };
    }

    // As RankedList asks for one.
    private static BatchPerson Of(PreparedRequest prepared) => new()
    {
        Items = prepared.Evidence!.Items.ToArray(),
        Confidences = prepared.Evidence.Confidences.ToArray(),
        Refused = prepared.Evidence.Refused.ToArray(),
        Answered = true,
        Expected = prepared.Evidence.Due.ToArray(),
        Eligible = prepared.Eligible,
        Excluded = prepared.Evidence.Excluded.ToArray(),
        Top = new ScoredItem[prepared.Skip + prepared.Count + 1],
    };
}
