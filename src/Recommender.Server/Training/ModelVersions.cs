using System.Globalization;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Training;

/// <summary>The shop's models: trained from its events, kept in folders, entered in the registry, put in service and rolled back.</summary>
public sealed class ModelVersions(Shop shop, ModelFolder folder, TimeProvider time)
{
    // Parts of the whole, by experience; only the progress depends on them.
    private const double ReadingPart = 0.1;
    private const double SavingFrom = 0.98;

    // Any number will do, but always the same one: the same events and recipe then give the same model.
    private const ulong Seed = 42;
    private int _training;

    /// <summary>Puts the model in service that was live when the shop was last open, if there is one.</summary>
    public async Task LoadLiveAsync(CancellationToken cancellation)
    {
        folder.RemoveUnfinished();
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        await shop.Live.ReplaceAsync(publications.Count > 0 ? folder.Load(publications[0].ModelId) : null, cancellation);
    }

    /// <summary>Learns from everything recorded so far. A training that fails or is cancelled leaves everything as it was.</summary>
    /// <exception cref="RefusedException">Another training is running, or there is nothing to learn from.</exception>
    public async Task<ModelVersion> TrainAsync(Recipe recipe, bool publish, int threads, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _training, 1) == 1)
            throw new RefusedException(StatusCode.Aborted, "another training is running; wait for its end, or cancel it");
        try
        {
            var (set, position) = await ReadAsync(recipe, progress, cancellation);
            if (set.Matrix.Count == 0)
                throw new RefusedException(StatusCode.FailedPrecondition, "no event speaks for an item (all were taken back, or their types weigh nothing): there is nothing to learn from");
            long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            var model = await Task.Run(() => Models.Training.Run(set, recipe, Seed, threads, available, time, new Learning(progress), cancellation), cancellation);
            progress.Report(new TrainingStep("saving", SavingFrom));
            var card = await Task.Run(() => folder.Save(model, cancellation), cancellation);
            var version = new ModelVersion(card.Id, card.TrainedAt, position, card.ToJson());
            await shop.Store.Models.AddAsync(shop.Tenant, version, cancellation);
            if (publish) await GoLiveAsync(model, "trained", cancellation);
            progress.Report(new TrainingStep("done", 1));
            return version;
        }
        finally { Volatile.Write(ref _training, 0); }
    }

    public Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellation) => shop.Store.Models.ListAsync(shop.Tenant, cancellation);

    /// <summary>The live version's id, null while none is live.</summary>
    public string? LiveId => shop.Live.Current.Model?.Card.Id;

    /// <exception cref="RefusedException">There is no such version.</exception>
    public async Task<ModelVersion> PublishAsync(string modelId, string reason, CancellationToken cancellation)
    {
        var versions = await ListAsync(cancellation);
        var version = versions.FirstOrDefault(one => one.Id == modelId) ?? throw RefusedException.NotFound("model", modelId, versions.Select(one => one.Id));
        // Read before anything is written: a damaged folder changes nothing.
        var model = await Task.Run(() => folder.Load(modelId), cancellation);
        await GoLiveAsync(model, reason, cancellation);
        return version;
    }

    /// <summary>Makes the version live that was so before the present one.</summary>
    /// <exception cref="RefusedException">No other version has been live.</exception>
    public async Task<ModelVersion> RollBackAsync(CancellationToken cancellation)
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        var before = Before(publications)
            ?? throw new RefusedException(StatusCode.FailedPrecondition, "no other version has been live before this one; publish one by its id");
        return await PublishAsync(before, $"rolled back from {publications[0].ModelId}", cancellation);
    }

    /// <summary>The version before the live one, as a stack: what was rolled back from is not come back to.</summary>
    private static string? Before(IReadOnlyList<Publication> newestFirst)
    {
        var stack = new Stack<string>();
        foreach (var publication in newestFirst.Reverse())
        {
            if (publication.Reason.StartsWith("rolled back", StringComparison.Ordinal)) stack.Pop();
            else if (stack.Count == 0 || stack.Peek() != publication.ModelId) stack.Push(publication.ModelId);
        }
        return stack.Count > 1 ? stack.ElementAt(1) : null;
    }

    private async Task GoLiveAsync(TrainedModel model, string reason, CancellationToken cancellation)
    {
        await shop.Store.Models.PublishAsync(shop.Tenant, new Publication(model.Card.Id, time.GetUtcNow(), reason), cancellation);
        // Published is live: from here on there is no way back but another publication.
        await shop.Live.ReplaceAsync(model, CancellationToken.None);
    }

    private async Task<(TrainingSet Set, long Position)> ReadAsync(Recipe recipe, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        var size = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
        if (size.Events == 0) throw new RefusedException(StatusCode.FailedPrecondition, "there are no events to learn from; record or import some first");
        // Decayed as of the newest event, not of the clock: last year's log teaches today what it taught then.
        var asOf = await shop.Store.Events.NewestAsync(shop.Tenant, cancellation) ?? time.GetUtcNow();
        var builder = new TrainingSetBuilder(recipe.Confidence, asOf < time.GetUtcNow() ? asOf : time.GetUtcNow());
        long position = 0;
        long read = 0;
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            builder.Add(stored.Event);
            position = stored.Position;
            if (++read % 10_000 == 0)
                progress.Report(new TrainingStep(string.Create(CultureInfo.InvariantCulture, $"reading events, {read:N0} of {size.Events:N0}"), ReadingPart * Math.Min(1, read / (double)size.Events)));
        }
        return (builder.Build() with { EventsUpTo = position }, position);
    }

    /// <summary>Learning lies between reading and saving.</summary>
    private sealed class Learning(IProgress<TrainingStep> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            progress.Report(new TrainingStep($"learning {value.Step}", ReadingPart + (SavingFrom - ReadingPart) * value.Done));
    }
}

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being done, for people.</param>
/// <param name="Fraction">0 to 1 over the whole.</param>
public readonly record struct TrainingStep(string Stage, double Fraction);
