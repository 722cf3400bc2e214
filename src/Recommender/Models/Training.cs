using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Recommender.Factorization;
using Recommender.Interactions;
using Recommender.Popularity;
using Recommender.Similarity;

namespace Recommender.Models;

/// <param name="Step">"factors", "neighbours".</param>
/// <param name="Done">Part of the whole training that is done, 0 to 1.</param>
public readonly record struct TrainingProgress(string Step, double Done);

/// <summary>Makes a model of a training set.</summary>
public static class Training
{
    // Of the time a training takes, by experience; only the progress bar depends on it.
    private const double FactorsPart = 0.9;

    /// <param name="set">What to learn from.</param>
    /// <param name="recipe">How. Its confidence options become those the set was made with.</param>
    /// <param name="seed">The same set, recipe and seed give the same factors to the byte, whatever the threads.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="availableBytes">Memory it may take: <c>GC.GetGCMemoryInfo().TotalAvailableMemoryBytes</c>.</param>
    /// <param name="clock">For the card.</param>
    /// <param name="progress">Reported about a thousand times, from any thread.</param>
    /// <param name="cancellation">Stops within milliseconds and leaves nothing behind.</param>
    /// <exception cref="ArgumentException">The set has no interactions.</exception>
    /// <exception cref="InvalidRecipeException">The recipe is out of range.</exception>
    /// <exception cref="TrainingTooLargeException">The estimate exceeds <paramref name="availableBytes"/>.</exception>
    public static TrainedModel Run(TrainingSet set, Recipe recipe, ulong seed, int threads, long availableBytes,
        TimeProvider clock, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        recipe = (recipe with { Confidence = set.Confidence }).Validated();
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (set.Matrix.Count == 0) throw new ArgumentException("There is nothing to learn from: the training set has no interactions.", nameof(set));
        SizeEstimate.Of(set, recipe, threads).RequireTrainingFits(availableBytes);
        long started = clock.GetTimestamp();
        VectorKernels kernels = VectorKernels.Best;
        Action<long>? rowsSolved = progress is null ? null : Thousandths(progress, ImplicitAls.Work(set.Matrix, recipe.Factorization));
        (FactorMatrix customers, FactorMatrix items) =
            ImplicitAls.Fit(set.Matrix, recipe.Factorization, seed, threads, kernels, rowsSolved, cancellation);
        float[] spectrum = Eigenbasis.RotateInto(items, customers, kernels, threads, cancellation);
        TastePrior taste = TastePrior.Fit(set.Matrix, items, spectrum, kernels, threads, cancellation);
        progress?.Report(new TrainingProgress("neighbours", FactorsPart));
        ItemNeighbours neighbours = RandomWalk.Fit(set.Matrix, recipe.Similarity, threads, cancellation);
        ItemPopularity popularity = ItemPopularity.Of(set.Matrix);
        progress?.Report(new TrainingProgress("neighbours", 1));

        string fingerprint = Fingerprint(set);
        DateTimeOffset trainedAt = clock.GetUtcNow();
        var card = new ModelCard
        {
            Id = $"{trainedAt:yyyyMMdd-HHmmss}-{IdSuffix(trainedAt, fingerprint, recipe, seed)}",
            TrainedAt = trainedAt,
            TrainingSeconds = Math.Round(clock.GetElapsedTime(started).TotalSeconds, 3),
            ReadFrom = set.ReadFrom,
            EventsUpTo = set.EventsUpTo,
            AsOf = set.AsOf,
            Seed = seed,
            CodeVersion = typeof(Training).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            DataFingerprint = fingerprint,
            Customers = set.People.Count,
            Items = set.Items.Count,
            Interactions = set.Matrix.Count,
            Recipe = recipe,
            Responses = set.Responses,
        };
        return new TrainedModel(card, set.Items, items, spectrum, popularity, neighbours, taste) { Customers = new CustomerFactors(set.People, customers) };
    }

    private static Action<long> Thousandths(IProgress<TrainingProgress> progress, long work)
    {
        long reported = 0;
        return done =>
        {
            long thousandth = done * 1000 / work, last = Volatile.Read(ref reported);
            if (thousandth <= last || Interlocked.CompareExchange(ref reported, thousandth, last) != last) return;
            progress.Report(new TrainingProgress("factors", FactorsPart * done / work));
        };
    }

    private static string Fingerprint(TrainingSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.RowStarts));
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.Columns));
        hash.AppendData(MemoryMarshal.AsBytes(set.Matrix.Confidences));
        foreach (Vocabulary vocabulary in (ReadOnlySpan<Vocabulary>)[set.People, set.Items])
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
