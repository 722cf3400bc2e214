using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Recommender.ColdStart;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Similarity;

namespace Recommender.Models;

/// <param name="Step">What is being done, for people: "sweep 3 of 16", "neighbours 1 of 2".</param>
/// <param name="Done">Part of the whole training that is done, 0 to 1.</param>
public readonly record struct TrainingProgress(string Step, double Done);

/// <param name="Customers">People x factors.</param>
/// <param name="Items">Items x factors, in the basis in which their Gramian is diagonal.</param>
/// <param name="Spectrum">That diagonal, greatest first.</param>
/// <param name="Taste">What is believed of somebody before anything is known.</param>
internal sealed record TrainedFactors(FactorMatrix Customers, FactorMatrix Items, float[] Spectrum, TastePrior Taste);

/// <summary>Makes a model of a training set.</summary>
public static class Training
{
    // Of the time a training takes, by experience; only the progress bar depends on it.
    internal const double FactorsPart = 0.9;

    /// <param name="set">What to learn from.</param>
    /// <param name="recipe">How. Its confidence options become those the set was made with.</param>
    /// <param name="conditions">Seed, cores, memory, and who is told of the progress.</param>
    /// <param name="cancellation">Stops within milliseconds and leaves nothing behind.</param>
    /// <exception cref="TrainingException">The set has no interactions, early stopping nobody to look at, or the numbers went beyond all bounds.</exception>
    /// <exception cref="InvalidRecipeException">The recipe is out of range.</exception>
    /// <exception cref="TrainingTooLargeException">The estimate exceeds the memory there is.</exception>
    public static TrainedModel Run(TrainingSet set, Recipe recipe, TrainingConditions conditions, CancellationToken cancellation)
    {
        recipe = (recipe with { Confidence = set.Confidence }).Validated();
        FactorTrainers.RequireKnown(recipe.Factorization.Trainer);
        if (set.Matrix.Count == 0) throw new TrainingException("There is nothing to learn from: the training set has no interactions.");
        SizeEstimate.Of(set, recipe, conditions.Threads).RequireTrainingFits(conditions.AvailableBytes);
        long started = conditions.Clock.GetTimestamp();
        TrainedFactors factors = FitFactors(set, recipe.Factorization, conditions, cancellation);
        ImmutableArray<ItemNeighbours> similarities =
            [.. Enumerable.Range(0, recipe.Similarities.Length).Select(k => FitNeighbours(set.Matrix, recipe.Similarities, k, conditions, cancellation))];
        conditions.Progress?.Report(new TrainingProgress("neighbours", 1));
        ItemPlacement? placement = ItemPlacement.Fit(set, recipe.NewItems, factors.Items, ItemPopularity.Of(set.Matrix).Means, conditions.Threads, cancellation);
        TrainedModel model = Assemble(set, recipe, conditions, factors, similarities, placement);
        // Only now: a training that is stopped on its last steps goes on after its last sweep.
        conditions.Checkpoint?.Remove();
        return model.With(model.Card with { TrainingSeconds = Math.Round(conditions.Clock.GetElapsedTime(started).TotalSeconds, 3) });
    }

    // Numbers of rows become names, which only the set knows.
    private static TrainedFactors FitFactors(TrainingSet set, FactorizationOptions options, TrainingConditions conditions, CancellationToken cancellation)
    {
        try
        {
            return FitFactors(set.Matrix, options, conditions, cancellation);
        }
        catch (DivergenceException diverged)
        {
            string whose = diverged.OfItems ? $"item '{set.Items[diverged.Row]}'" : $"'{set.People[diverged.Row]}'";
            throw new TrainingException($"The factors of {whose} went beyond all bounds: its confidences or the recipe's 'factorization' are out of "
                + "proportion. Nothing was saved; lower the weights and the confidence limit, or raise 'factorization.regularisation'.", diverged);
        }
    }

    /// <summary>Both sides' factors in the items' eigenbasis, and what is believed of a newcomer.</summary>
    /// <exception cref="DivergenceException">A factor is not finite.</exception>
    internal static TrainedFactors FitFactors(InteractionMatrix interactions, FactorizationOptions options, TrainingConditions conditions,
        CancellationToken cancellation)
    {
        VectorKernels kernels = VectorKernels.Best;
        (FactorMatrix customers, FactorMatrix items) = options.Trainer == FactorTrainers.Als
            ? new FactorTraining(interactions, options, conditions, kernels, cancellation).Run()
            : FactorTrainers.Fit(interactions, options, conditions.Threads, cancellation);
        float[] spectrum = Eigenbasis.RotateInto(items, customers, kernels, conditions.Threads, cancellation);
        return new TrainedFactors(customers, items, spectrum, TastePrior.Fit(interactions, items, spectrum, kernels, conditions.Threads, cancellation));
    }

    /// <summary>Puts parts that were fitted to the same set together: tuning fits each once and tries many blends.</summary>
    internal static TrainedModel Assemble(TrainingSet set, Recipe recipe, TrainingConditions conditions, TrainedFactors factors,
        ImmutableArray<ItemNeighbours> similarities, ItemPlacement? placement = null)
    {
        string fingerprint = Fingerprint(set, placement);
        DateTimeOffset trainedAt = conditions.Clock.GetUtcNow();
        var card = new ModelCard
        {
            Id = $"{trainedAt:yyyyMMdd-HHmmss}-{IdSuffix(trainedAt, fingerprint, recipe, conditions.Seed)}",
            TrainedAt = trainedAt,
            TrainingSeconds = 0,
            ReadFrom = set.ReadFrom,
            EventsUpTo = set.EventsUpTo,
            AsOf = set.AsOf,
            Seed = conditions.Seed,
            CodeVersion = typeof(Training).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            DataFingerprint = fingerprint,
            Customers = set.People.Count,
            Items = set.Items.Count,
            Interactions = set.Matrix.Count,
            Recipe = recipe,
            Features = placement?.Features.Count ?? 0,
            Repeats = set.Repeats is not null,
            Responses = set.Responses,
            HeldOutShare = set.HeldOutShare,
        };
        return new TrainedModel(card, set.Items, factors.Items, factors.Spectrum, ItemPopularity.Of(set.Matrix), similarities, factors.Taste)
        {
            Customers = new CustomerFactors(set.People, factors.Customers),
            Placement = placement,
            Repeats = set.Repeats,
        };
    }

    private static ItemNeighbours FitNeighbours(InteractionMatrix interactions, ImmutableArray<SimilarityOptions> parts, int number,
        TrainingConditions conditions, CancellationToken cancellation)
    {
        double share = (1 - FactorsPart) / parts.Length, from = FactorsPart + share * number;
        var meter = new ProgressMeter(conditions.Progress, from, from + share, whole: interactions.ColumnCount);
        string step = $"neighbours {number + 1} of {parts.Length}";
        meter.Begin(step);
        return parts[number].Fit(interactions, conditions.Threads, items => meter.Add(items, step), cancellation);
    }

    internal static string Fingerprint(TrainingSet set, ItemPlacement? placement = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.RowStarts));
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.Columns));
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.Confidences));
        if (placement is not null)
        {
            hash.AppendData(MemoryMarshal.AsBytes(placement.Known.RowStarts));
            hash.AppendData(MemoryMarshal.AsBytes(placement.Known.Columns));
            hash.AppendData(MemoryMarshal.AsBytes(placement.Known.Confidences));
        }
        foreach (Vocabulary vocabulary in (ReadOnlySpan<Vocabulary>)[set.People, set.Items, placement?.Features.Names ?? Vocabulary.Empty])
        {
            for (int number = 0; number < vocabulary.Count; number++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(vocabulary[number].AsSpan()));
                hash.AppendData("\0\0"u8);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string IdSuffix(DateTimeOffset trainedAt, string fingerprint, Recipe recipe, ulong seed) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{trainedAt:O} {fingerprint} {seed} {recipe.ToJson()}")))[..6];
}
