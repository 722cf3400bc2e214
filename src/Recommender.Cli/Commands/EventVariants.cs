using Recommender.Evaluation;
using Recommender.Interactions;
using Recommender.Models;

namespace Recommender.Cli.Commands;

/// <summary>Recipes that read events differently in one thing each, measured on the same customers after the same moment.</summary>
internal static class EventVariants
{
    public static IReadOnlyList<Figures> Run(SourceEvents read, Recipe recipe, double newest, bool repeats, int threads,
        Action<string> note, CancellationToken cancellation)
    {
        var cut = TimeSplit.CutAt(read.Events.Select(happened => happened.OccurredAt), newest);
        var binary = recipe.Confidence with { QuantityExponent = 0, HalfLifeDays = 0, ConfidenceLimit = 1 };
        (string Name, ConfidenceOptions Reading, bool Returns)[] variants =
        [
            ("every pair counts once", binary with { Weights = binary.Weights.SetItem(EventTypes.View, 0) }, false),
            ("returns take back", binary, true),
            ("purchases add up", binary with { ConfidenceLimit = recipe.Confidence.ConfidenceLimit }, true),
            ("quantities count", binary with { QuantityExponent = 0.25, ConfidenceLimit = recipe.Confidence.ConfidenceLimit }, true),
            ("half-life 365 days", binary with { HalfLifeDays = 365 }, true),
            ("half-life 180 days", binary with { HalfLifeDays = 180 }, true),
            ("half-life 90 days", binary with { HalfLifeDays = 90 }, true),
            ("the recipe", recipe.Confidence, true),
        ];
        var options = new EvaluationOptions { Cutoffs = [20], Threads = threads, HistoryMayReturn = repeats };
        var rows = new List<Figures>();
        RankingResult? plain = null;
        InteractionMatrix? test = null;
        foreach (var (name, reading, returns) in variants)
        {
            note(name);
            var split = new TimeSplit(reading, cut, new TimeSplitOptions { RepeatsCount = repeats });
            foreach (var happened in read.Events)
            {
                // A return that is not to count is a look that says nothing: people and items keep their numbers.
                bool isSilent = !returns && happened.Type == EventTypes.Return && happened.OccurredAt < cut;
                split.Add(isSilent ? happened with { Type = EventTypes.View } : happened, happened.Person);
            }
            var (train, found) = split.Build();
            // New to somebody is what they had not bought before the cut, whatever was returned: the same test for all.
            test ??= found;
            var model = Training.Run(train, recipe with { Confidence = reading }, new TrainingConditions { Threads = threads }, cancellation);
            List<IRanking> rankings = rows.Count == 0 ? [new PopularityRanking(train.Matrix)] : [];
            rankings.Add(new ModelRanking(name, model));
            if (repeats && reading == recipe.Confidence) rankings.Add(new HabitRanking("the recipe with habits", model, train));
            if (repeats && reading == recipe.Confidence) rankings.Add(new OwnFrequency(train));
            foreach (var result in RankingEvaluation.Run(rankings, train.Matrix, test, options, ranked: null, cancellation))
            {
                if (plain is null && result.Name == name) plain = result;
                rows.Add(Figures.Of(result.Name, [result], plain is null || plain == result ? null : [plain]));
            }
        }
        return rows;
    }
}
