using Grpc.Core;
using Microsoft.Extensions.Logging;
using Recommender.Evaluation;
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
    private const double MeasuringFrom = 0.95;
    private const double SavingFrom = 0.98;

    // Any number will do, but always the same one: the same events and recipe then give the same model.
    private const ulong Seed = 42;
    private const string RolledBack = "rolled back";

    private readonly SemaphoreSlim _publishing = new(1);
    private readonly LogReading _log = new(shop, time);
    private readonly PublishGate _gate = new(shop, new LogReading(shop, time));
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
        // The catalogue is read meanwhile: at a start nobody else needs the cores.
        await shop.Live.ReplaceAsync(() => NewestReadableAsync(publications, cancellation), cancellation);
    }

    private async Task<TrainedModel?> NewestReadableAsync(IReadOnlyList<Publication> newestFirst, CancellationToken cancellation)
    {
        foreach (string modelId in newestFirst.Select(publication => publication.ModelId).Distinct(StringComparer.Ordinal))
        {
            try
            {
                return await shop.Store.Archive.LoadAsync(shop.Tenant, modelId, Vocabulary.Empty, cancellation);
            }
            catch (InvalidModelException problem)
            {
                Log.Damaged(logger, modelId, problem.Message);
                if (Degraded.Length == 0) Degraded = $"model {modelId} cannot be read; train or publish another";
            }
        }
        return null;
    }

    /// <summary>
    /// Puts in service what another server published. While it cannot be read, the present model serves on and every answer says so.
    /// </summary>
    internal Task FollowAsync(CancellationToken cancellation) => OneAtATimeAsync(() => TakeNewestAsync(cancellation), cancellation);

    private async Task<bool> TakeNewestAsync(CancellationToken cancellation)
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        if (publications.Count == 0 || (publications[0].ModelId == LiveId && Degraded.Length == 0)) return false;
        try
        {
            await shop.Live.ReplaceAsync(await ReadAsync(publications[0].ModelId, new BackgroundThreads(Environment.ProcessorCount), cancellation), cancellation);
            Degraded = "";
            return true;
        }
        catch (InvalidModelException problem)
        {
            Log.Damaged(logger, publications[0].ModelId, problem.Message);
            Degraded = $"model {publications[0].ModelId} cannot be read; train or publish another";
            return false;
        }
    }

    /// <summary>What tuning may learn from: what a training does, so that the standing hold-out stays unseen by both.</summary>
    /// <exception cref="RefusedException">There are no events.</exception>
    public async Task<TrainingSet> ReadAsync(ConfidenceOptions semantics, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        var set = (await _log.ReadAsync([semantics], progress, part: 1, cancellation))[0];
        return StandingHoldOut.Split(set, StandingHoldOut.ShareOf(set.Matrix.Count)).Train;
    }

    /// <summary>
    /// Learns from everything recorded so far but the standing hold-out, by which the version is then measured. A training that fails or is
    /// cancelled leaves everything as it was; one whose result is worse than the live version is kept and does not go live.
    /// </summary>
    /// <exception cref="RefusedException">Another training is running, or there is nothing to learn from.</exception>
    public Task<TrainingOutcome> TrainAsync(Recipe recipe, PublishWish wish, int threads, IProgress<TrainingStep> progress, CancellationToken cancellation) =>
        TrainAsync(recipe, wish, threads, progress, checkpoint: null, cancellation);

    /// <summary>The same, going on where a training of the same events and recipe was stopped.</summary>
    public async Task<TrainingOutcome> TrainAsync(Recipe recipe, PublishWish wish, int threads, IProgress<TrainingStep> progress, ISweepCheckpoint? checkpoint,
        CancellationToken cancellation)
    {
        Factorization.FactorTrainers.RequireKnown(recipe.Factorization.Trainer);
        if (Interlocked.Exchange(ref _training, 1) == 1)
            throw new RefusedException(StatusCode.Aborted, "another training is running; wait for its end, or cancel it");
        try
        {
            var background = new BackgroundThreads(threads);
            var conditions = new TrainingConditions { Seed = Seed, Threads = threads, Clock = time, Progress = new Learning(progress), Checkpoint = checkpoint };
            var size = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
            SizeEstimate.BeforeReading(size.Events, size.Customers, recipe, threads).RequireTrainingFits(conditions.AvailableBytes);
            var beside = shop.Live.Current.Model?.Card.Recipe.Confidence ?? recipe.Confidence;
            var semantics = beside.Equals(recipe.Confidence) ? [recipe.Confidence] : (ConfidenceOptions[])[recipe.Confidence, beside];
            var sets = await background.RunAsync(() => _log.ReadAsync(semantics, progress, ReadingPart, cancellation), cancellation);
            if (sets[0].Matrix.Count == 0)
                throw new RefusedException(StatusCode.FailedPrecondition, "no event speaks for an item (all were taken back, or their types weigh nothing): there is nothing to learn from");
            var model = await background.RunAsync(() =>
            {
                var holdOut = StandingHoldOut.Split(sets[0], StandingHoldOut.ShareOf(sets[0].Matrix.Count));
                var trained = Models.Training.Run(holdOut.Train, recipe, conditions, cancellation);
                progress.Report(new TrainingStep("measuring", MeasuringFrom));
                return trained.With(trained.Card with { Metrics = ModelComparison.Metrics(trained, holdOut, threads, cancellation) });
            }, cancellation);
            return await EnterAsync(model, "trained", wish, sets, background, progress, cancellation);
        }
        finally { Volatile.Write(ref _training, 0); }
    }

    /// <summary>Enters a model that was trained elsewhere, brought together with what the shop has recorded, which may be nothing.</summary>
    /// <param name="make">Makes our form of it.</param>
    /// <param name="recipe">How the shop's histories are read.</param>
    /// <param name="wish">Whether it goes live. The gate seldom knows what it was trained on, and then says so.</param>
    /// <param name="threads">Cores to use.</param>
    /// <param name="progress">Told of the reading.</param>
    /// <param name="cancellation">Leaves everything as it was.</param>
    /// <exception cref="RefusedException">A training is running.</exception>
    public async Task<TrainingOutcome> ImportAsync(Func<TrainingSet, TrainingConditions, TrainedModel> make, Recipe recipe, PublishWish wish, int threads,
        IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _training, 1) == 1)
            throw new RefusedException(StatusCode.Aborted, "a training is running; wait for its end, or cancel it");
        try
        {
            var size = await shop.Store.Events.SizeAsync(shop.Tenant, cancellation);
            var background = new BackgroundThreads(threads);
            var sets = size.Events > 0 ? await background.RunAsync(() => _log.ReadAsync([recipe.Confidence], progress, MeasuringFrom, cancellation), cancellation)
                : [new TrainingSetBuilder(recipe.Confidence, time.GetUtcNow()).Build() with { ReadFrom = time.GetUtcNow() }];
            var conditions = new TrainingConditions { Seed = Seed, Threads = threads, Clock = time };
            var model = await background.RunAsync(() => make(sets[0], conditions), cancellation);
            return await EnterAsync(model, "imported", wish, sets, background, progress, cancellation);
        }
        finally { Volatile.Write(ref _training, 0); }
    }

    public Task<IReadOnlyList<ModelVersion>> ListAsync(CancellationToken cancellation) => shop.Store.Models.ListAsync(shop.Tenant, cancellation);

    /// <summary>The live version's id, null while none is live.</summary>
    public string? LiveId => shop.Live.Current.Model?.Card.Id;

    /// <exception cref="RefusedException">There is no such version.</exception>
    /// <exception cref="InvalidModelException">Its folder is damaged; the live version stays.</exception>
    public Task<TrainingOutcome> PublishAsync(string modelId, bool force, CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var background = new BackgroundThreads(Environment.ProcessorCount);
        var (version, model) = await LoadAsync(modelId, background, cancellation);
        var verdict = await GoLiveIfGoodAsync(model, () => Task.FromResult(model), "published", force ? PublishWish.Force : PublishWish.IfNotWorse, [], background, cancellation);
        if (verdict.Refused && !force)
        {
            throw new RefusedException(StatusCode.FailedPrecondition,
                $"model {modelId} is worse than the live one: {verdict.Summary}. Publish it with force if it must be; the record will say so");
        }
        return new TrainingOutcome(version, verdict);
    }, cancellation);

    /// <summary>Makes the version live that was so before the present one.</summary>
    /// <exception cref="RefusedException">No other version has been live.</exception>
    public Task<ModelVersion> RollBackAsync(CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var publications = await shop.Store.Models.PublicationsAsync(shop.Tenant, cancellation);
        var before = Before(publications)
            ?? throw new RefusedException(StatusCode.FailedPrecondition, "no other version has been live before this one; publish one by its id");
        // Not through the gate: who rolls back has a reason.
        var (version, model) = await LoadAsync(before, new BackgroundThreads(Environment.ProcessorCount), cancellation);
        await GoLiveAsync(model, $"{RolledBack} from {publications[0].ModelId}", cancellation);
        return version;
    }, cancellation);

    public void Dispose() => _publishing.Dispose();

    private async Task<TrainingOutcome> EnterAsync(TrainedModel model, string reason, PublishWish wish, IReadOnlyList<TrainingSet> sets,
        BackgroundThreads background, IProgress<TrainingStep> progress, CancellationToken cancellation)
    {
        progress.Report(new TrainingStep("saving", SavingFrom));
        var card = await background.RunAsync(() => shop.Store.Archive.SaveAsync(shop.Tenant, model, cancellation), cancellation);
        var version = new ModelVersion(card.Id, card.TrainedAt, card.EventsUpTo, card.ToJson());
        // The folder is there, so the training is done, whoever gives up waiting: a model without an entry would be one that nobody knows.
        await shop.Store.Models.AddAsync(shop.Tenant, version, CancellationToken.None);
        var verdict = wish == PublishWish.Keep ? null : await OneAtATimeAsync(
            // What was saved is what serves: its items lie as scoring wants them, and in the file.
            () => GoLiveIfGoodAsync(model, () => ReadAsync(card.Id, background, CancellationToken.None), reason, wish, sets, background, CancellationToken.None), CancellationToken.None);
        progress.Report(new TrainingStep("done", 1));
        return new TrainingOutcome(version, verdict);
    }

    // Beside requests: they go on while it is looked through.
    private Task<TrainedModel> ReadAsync(string modelId, BackgroundThreads background, CancellationToken cancellation) =>
        background.RunAsync(() => shop.Store.Archive.LoadAsync(shop.Tenant, modelId, shop.Live.Current.Items, cancellation), cancellation);

    private async Task<(ModelVersion Version, TrainedModel Model)> LoadAsync(string modelId, BackgroundThreads background, CancellationToken cancellation)
    {
        var versions = await ListAsync(cancellation);
        var version = versions.FirstOrDefault(one => one.Id == modelId) ?? throw RefusedException.NotFound("model", modelId, versions.Select(one => one.Id));
        // Read before anything is written: a damaged folder changes nothing.
        return (version, await ReadAsync(modelId, background, cancellation));
    }

    private async Task<GateVerdict> GoLiveIfGoodAsync(TrainedModel model, Func<Task<TrainedModel>> served, string reason, PublishWish wish,
        IReadOnlyList<TrainingSet> read, BackgroundThreads background, CancellationToken cancellation)
    {
        // What another server has just published is what it is compared with.
        await TakeNewestAsync(cancellation);
        var verdict = await _gate.JudgeAsync(model, read, background, cancellation);
        if (verdict.Refused && wish != PublishWish.Force) return verdict;
        await GoLiveAsync(await served(), $"{reason}{(verdict.Refused ? " by force" : "")}: {verdict.Summary}", cancellation);
        return verdict;
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

    private static partial class Log
    {
        [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Model {ModelId} was live and cannot be read: {Problem}")]
        public static partial void Damaged(ILogger logger, string modelId, string problem);
    }

    /// <summary>Learning lies between reading and saving.</summary>
    private sealed class Learning(IProgress<TrainingStep> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) =>
            progress.Report(new TrainingStep($"learning {value.Step}", ReadingPart + (MeasuringFrom - ReadingPart) * value.Done));
    }
}

/// <summary>How far a training has come.</summary>
/// <param name="Stage">What is being done, for people.</param>
/// <param name="Fraction">0 to 1 over the whole.</param>
public readonly record struct TrainingStep(string Stage, double Fraction);

/// <summary>What is wished for a version once it is trained.</summary>
public enum PublishWish { Keep, IfNotWorse, Force }

/// <param name="Verdict">What the gate said; null where it was not asked.</param>
public sealed record TrainingOutcome(ModelVersion Version, GateVerdict? Verdict)
{
    /// <summary>Whether it was wished to go live and was too bad for it.</summary>
    public bool StaysOut(PublishWish wish) => wish == PublishWish.IfNotWorse && Verdict is { Refused: true };
}
