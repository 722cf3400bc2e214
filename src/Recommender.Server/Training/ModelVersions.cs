using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Training;

/// <summary>The shop's models: trained from its events, kept in the archive, entered in the registry, put in service and rolled back.</summary>
public sealed partial class ModelVersions(Shop shop, TimeProvider time, ILogger logger) : IDisposable
{
    // Parts of the whole, by experience; only the progress depends on them.
    private const double ReadingPart = 0.1;
    private const double SavingFrom = 0.98;

    // Any number will do, but always the same one: the same events and recipe then give the same model.
    private const ulong Seed = 42;
    private const string RolledBack = "rolled back";

    private readonly SemaphoreSlim _publishing = new(1);
    private int _training;

    /// <summary>Why the shop serves from an older model than it should, or from none; empty in full health.</summary>
    public string Degraded { get; private set; } = "";

    /// <summary>
    /// Puts the model in service that was live when the shop was last open. If its folder is damaged, the one that was live before it
    /// serves, and every answer says so: a shop with yesterday's model is better than a shop that does not start.
    /// </summary>
    public async Task LoadLiveAsync(CancellationToken cancellation)
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        foreach (string modelId in publications.Select(publication => publication.ModelId).Distinct(StringComparer.Ordinal))
        {
            try
            {
                await shop.Live.ReplaceAsync(await shop.Store.Archive.LoadAsync(shop.Tenant, modelId, cancellation), cancellation);
                return;
            }
            catch (InvalidModelException problem)
            {
                Log.Damaged(logger, modelId, problem.Message);
                if (Degraded.Length == 0) Degraded = $"model {modelId} cannot be read; train or publish another";
            }
        }
        await shop.Live.ReplaceAsync(null, cancellation);
    }

    /// <summary>
    /// Puts in service what another server published. While it cannot be read, the present model serves on and every answer says so.
    /// </summary>
    internal Task FollowAsync(CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        if (publications.Count == 0 || (publications[0].ModelId == LiveId && Degraded.Length == 0)) return false;
        try
        {
            await shop.Live.ReplaceAsync(await shop.Store.Archive.LoadAsync(shop.Tenant, publications[0].ModelId, cancellation), cancellation);
            Degraded = "";
            return true;
        }
        catch (InvalidModelException problem)
        {
            Log.Damaged(logger, publications[0].ModelId, problem.Message);
            Degraded = $"model {publications[0].ModelId} cannot be read; train or publish another";
            return false;
        }
    }, cancellation);

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
            var conditions = new TrainingConditions { Seed = Seed, Threads = threads, Clock = time, Progress = new Learning(progress) };
            var model = await Task.Run(() => Models.Training.Run(set, recipe, conditions, cancellation), cancellation);
            progress.Report(new TrainingStep("saving", SavingFrom));
            var card = await shop.Store.Archive.SaveAsync(shop.Tenant, model, cancellation);
            var version = new ModelVersion(card.Id, card.TrainedAt, position, card.ToJson());
            // The folder is there, so the training is done, whoever gives up waiting: a model without an entry would be one that nobody knows.
            await shop.Store.Models.AddAsync(shop.Tenant, version, CancellationToken.None);
            if (publish) await OneAtATimeAsync(() => GoLiveAsync(model, "trained", CancellationToken.None), CancellationToken.None);
            progress.Report(new TrainingStep("done", 1));
            return version;
        }
        finally { Volatile.Write(ref _training, 0); }
    }

    public Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellation) => shop.Store.Models.ListAsync(shop.Tenant, cancellation);

    /// <summary>The live version's id, null while none is live.</summary>
    public string? LiveId => shop.Live.Current.Model?.Card.Id;

    /// <exception cref="RefusedException">There is no such version.</exception>
    /// <exception cref="InvalidModelException">Its folder is damaged; the live version stays.</exception>
    public Task<ModelVersion> PublishAsync(string modelId, CancellationToken cancellation) =>
        OneAtATimeAsync(() => PublishAsync(modelId, "published", cancellation), cancellation);

    /// <summary>Makes the version live that was so before the present one.</summary>
    /// <exception cref="RefusedException">No other version has been live.</exception>
    public Task<ModelVersion> RollBackAsync(CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        var before = Before(publications)
            ?? throw new RefusedException(StatusCode.FailedPrecondition, "no other version has been live before this one; publish one by its id");
        return await PublishAsync(before, $"{RolledBack} from {publications[0].ModelId}", cancellation);
    }, cancellation);

    public void Dispose() => _publishing.Dispose();

    private async Task<ModelVersion> PublishAsync(string modelId, string reason, CancellationToken cancellation)
    {
        var versions = await ListAsync(cancellation);
        var version = versions.FirstOrDefault(one => one.Id == modelId) ?? throw RefusedException.NotFound("model", modelId, versions.Select(one => one.Id));
        // Read before anything is written: a damaged folder changes nothing.
        var model = await shop.Store.Archive.LoadAsync(shop.Tenant, modelId, cancellation);
        await GoLiveAsync(model, reason, cancellation);
        return version;
    }

    /// <summary>The record and the memory must name the same version, whoever else publishes.</summary>
    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> publish, CancellationToken cancellation)
    {
        await _publishing.WaitAsync(cancellation);
        try { return await publish(); }
        finally { _publishing.Release(); }
    }

    /// <summary>The version before the live one, as a stack: what was rolled back from is not come back to.</summary>
    private static string? Before(IReadOnlyList<Publication> newestFirst)
    {
        var stack = new Stack<string>();
        foreach (var publication in newestFirst.Reverse())
        {
            if (publication.Reason.StartsWith(RolledBack, StringComparison.Ordinal)) stack.Pop();
            else if (stack.Count == 0 || stack.Peek() != publication.ModelId) stack.Push(publication.ModelId);
        }
        return stack.Count > 1 ? stack.ElementAt(1) : null;
    }

    private async Task<bool> GoLiveAsync(TrainedModel model, string reason, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Published is live: from here on there is no way back but another publication.
        await shop.Store.Models.PublishAsync(shop.Tenant, new Publication(model.Card.Id, time.GetUtcNow(), reason), CancellationToken.None);
        await shop.Live.ReplaceAsync(model, CancellationToken.None);
        Degraded = "";
        return true;
    }

    private async Task<(TrainingSet Set, long Position)> ReadAsync(Recipe recipe, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        // In this order: whoever is marked as erased later has a later receipt, which then names this model.
        var readFrom = time.GetUtcNow();
        var gone = await shop.Erased.GoneNowAsync(cancellation);
        var size = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
        if (size.Events == 0) throw new RefusedException(StatusCode.FailedPrecondition, "there are no events to learn from; record or import some first");
        // Decayed as of the newest event, not of the clock: last year's log teaches today what it taught then.
        var asOf = await shop.Store.Events.NewestAsync(shop.Tenant, cancellation) ?? time.GetUtcNow();
        var builder = new TrainingSetBuilder(recipe.Confidence, asOf < time.GetUtcNow() ? asOf : time.GetUtcNow());
        var identities = await shop.Identities.AllAsync(cancellation);
        long position = 0;
        long read = 0;
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            position = stored.Position;
            var owner = identities.OwnerOf(stored.Event.Person, stored.Event.OccurredAt);
            if (!gone(owner) && !gone(stored.Event.Person)) builder.Add(stored.Event, owner);
            if (++read % 10_000 == 0)
                progress.Report(new TrainingStep(string.Create(CultureInfo.InvariantCulture, $"reading events, {read:N0} of {size.Events:N0}"), ReadingPart * Math.Min(1, read / (double)size.Events)));
        }
        return (builder.Build() with { EventsUpTo = position, ReadFrom = readFrom }, position);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Model {ModelId} was live and cannot be read: {Problem}")]
        public static partial void Damaged(ILogger logger, string modelId, string problem);
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
