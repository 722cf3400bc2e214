using Microsoft.Extensions.ObjectPool;
using Recommender.Catalogue;
using Recommender.ColdStart;
using Recommender.Expressions;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Questionnaires;
using Recommender.Scoring;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using Recommender.Storage;
using Recommender.Threading;

namespace Recommender.Server;

/// <summary>
/// The model that answers and the catalogue numbered its way, replaced together by a single reference write: a request reads
/// <see cref="Now"/> once and is untouched by whatever comes next. Catalogue changes go to disk first, then into the view; so a model that takes
/// the place of another takes over the items of its view, and the store is read only at the start and where somebody else has changed it.
/// </summary>
/// <param name="filters">What will be asked of the catalogue again and again: worked out before it goes in service.</param>
public sealed class LiveModel(IItemStore items, Tenant tenant, Func<IEnumerable<string>> filters, TimeProvider time) : IDisposable
{
    // Never disposed: it holds nothing unless its wait handle is asked for, and a swap that ends after the shop does releases it.
    private readonly SemaphoreSlim _changing = new(1);
    private readonly ReplacedModels _replaced = new(time);
    private volatile InService _current = InService.Of(null, []);

    // False before the first reading, and after a write of which nobody knows how far it came. Guarded by _changing.
    private bool _viewIsWhole;

    // Whether anything answers already. Guarded by _changing.
    private bool _begun;

    public InService Current => _current;

    /// <summary>The model and the catalogue for one request.</summary>
    public Moment Now
    {
        get
        {
            var current = _current;
            return new Moment(current, current.View.Shelves);
        }
    }

    /// <summary>Puts a model in service; null begins without one. A catalogue change under way is either in the new view or comes after it.</summary>
    public Task ReplaceAsync(TrainedModel? model, CancellationToken cancellation) => PutInServiceAsync(() => Task.FromResult(model), anew: false, cancellation);

    /// <summary>The same with a model that is read meanwhile.</summary>
    internal Task ReplaceAsync(Func<Task<TrainedModel?>> model, CancellationToken cancellation) => PutInServiceAsync(model, anew: false, cancellation);

    /// <summary>Reads the catalogue anew: others have changed it.</summary>
    internal Task ReloadAsync(CancellationToken cancellation) => PutInServiceAsync(() => Task.FromResult(_current.Model), anew: true, cancellation);

    /// <summary>Reads some items anew: others have changed or deleted them. False if the catalogue must be, too, since what it knows attributes by has changed.</summary>
    internal async Task<bool> TryRefreshAsync(IReadOnlyCollection<string> itemIds, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            var (kept, gone) = (new List<Item>(), new List<string>());
            foreach (string id in itemIds)
            {
                if (await items.FindAsync(tenant, id, cancellation) is { } item) kept.Add(item);
                else gone.Add(id);
            }
            var shelves = _current.View.Shelves;
            // One's own changes come back, too; what is as it was costs nothing.
            kept.RemoveAll(item => item.Equals(shelves.Find(item.Id)));
            gone.RemoveAll(id => shelves.Find(id) is null);
            if (gone.Count > 0) _current.Delete(gone);
            if (kept.Count > 0) _current.Upsert(kept);
            return true;
        }
        // Two servers accepted different kinds of one attribute at the same moment; the store has both.
        catch (SchemaException) { return false; }
        finally { _changing.Release(); }
    }

    private async Task PutInServiceAsync(Func<Task<TrainedModel?>> model, bool anew, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            // Requests answer by the present one meanwhile, and lack neither a thread of the pool nor a core because of it. Before the
            // first, all wait for this.
            var next = _begun
                ? await new BackgroundThreads(Environment.ProcessorCount)
                    .RunAsync(() => PreparedAsync(model, anew, cancellation), cancellation)
                : await Task.Run(() => PreparedAsync(model, anew, cancellation), cancellation);
            var replaced = _current.Model;
            _current = next;
            if (replaced is not null && !ReferenceEquals(replaced, next.Model)) _replaced.Add(replaced);
            _begun = _viewIsWhole = true;
        }
        finally { _changing.Release(); }
    }

    private async Task<InService> PreparedAsync(Func<Task<TrainedModel?>> model, bool anew, CancellationToken cancellation)
    {
        var service = await NextAsync(model, anew, cancellation);
        WarmUp(service.View.Shelves, cancellation);
        return service;
    }

    private async Task<InService> NextAsync(Func<Task<TrainedModel?>> model, bool anew, CancellationToken cancellation)
    {
        if (_viewIsWhole && !anew)
        {
            var next = await model();
            return InService.Of(next, _current.View.For(next?.Items ?? Vocabulary.Empty), _current);
        }
        var catalogue = items.AllAsync(tenant, cancellation);
        var read = model();
        await Task.WhenAll(catalogue, read);
        return InService.Of(await read, await catalogue, _current);
    }

    private void WarmUp(Shelves shelves, CancellationToken cancellation)
    {
        var asked = filters().Distinct(StringComparer.Ordinal).Take(new CatalogueOptions().CachedFilters);
        Parallel.ForEach(asked, Cores.All(cancellation), filter =>
        {
            try { shelves.Where(filter, cancellation); }
            // Whoever asks by it is told how it does not fit the catalogue any more.
            catch (ExpressionException) { }
        });
    }

    /// <exception cref="SchemaException">An attribute has another kind than the catalogue knows it by.</exception>
    internal async Task UpsertItemsAsync(IReadOnlyList<Item> changed, CancellationToken cancellation)
    {
        if (changed.Count == 0) return;
        await _changing.WaitAsync(cancellation);
        try
        {
            var shelves = _current.View.Shelves;
            changed = [.. changed.Select(item => item with { AddedAt = shelves.Find(item.Id) is { } known ? known.AddedAt : time.GetUtcNow() })];
            _current.View.Check(changed);
            // Once it is being written, what is on disk must get into the view, whoever has given up waiting.
            await WriteAsync(() => items.UpsertAsync(tenant, changed, CancellationToken.None), () => _current.Upsert(changed));
        }
        finally { _changing.Release(); }
    }

    /// <summary>How many of the items changed; what else changes them meanwhile is not undone by it.</summary>
    internal async Task<int> SetAvailabilityAsync(IReadOnlyList<string> itemIds, bool available, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            int changed = 0;
            await WriteAsync(async () => changed = await items.SetAvailabilityAsync(tenant, itemIds, available, CancellationToken.None), () =>
            {
                var shelves = _current.View.Shelves;
                Item[] known = [.. itemIds.Distinct(StringComparer.Ordinal).Select(shelves.Find).OfType<Item>().Where(item => item.Available != available)];
                if (known.Length > 0) _current.View.Upsert([.. known.Select(item => item with { Available = available })]);
            });
            return changed;
        }
        finally { _changing.Release(); }
    }

    internal async Task<int> DeleteItemsAsync(IReadOnlyList<string> itemIds, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            int deleted = 0;
            await WriteAsync(async () => deleted = await items.DeleteAsync(tenant, itemIds, CancellationToken.None), () => _current.Delete(itemIds));
            return deleted;
        }
        finally { _changing.Release(); }
    }

    private async Task WriteAsync(Func<Task> store, Action view)
    {
        bool wasWhole = _viewIsWhole;
        _viewIsWhole = false;
        await store();
        view();
        _viewIsWhole = wasWhole;
    }

    public void Dispose() => _replaced.Dispose();
}

/// <summary>One model with its catalogue and the scratch memory for scoring by it; before the first training, the catalogue alone.</summary>
public sealed record InService(TrainedModel? Model, CatalogueView View, ObjectPool<Scorer>? Scorers)
{
    /// <summary>What the model has learned; empty without one.</summary>
    internal Vocabulary Items => Model?.Items ?? Vocabulary.Empty;

    /// <summary>How the model's training read events, and histories are read with them; null without a model.</summary>
    internal ConfidenceOptions? Confidence { get; init; } = Model?.Card.Recipe.Confidence;

    /// <summary>By what answers speak in this model and catalogue.</summary>
    internal StatedTaste Stated { get; } = new();

    /// <summary>Scratch memory for choosing what to ask; null without a model.</summary>
    internal ObjectPool<Elicitation>? Elicitations { get; } = Model is null ? null : new DefaultObjectPool<Elicitation>(new ElicitationPolicy(Model), 2);

    private const int PlacedAtOnce = 4096;

    private volatile Newcomers? _newcomers = Model is null ? null : Newcomers.None(Model.Items.Count);

    /// <summary>The items of the catalogue that the model has not learned and that have a place in it by their attributes; null without a model.</summary>
    public Newcomers? Newcomers => _newcomers;

    internal static InService Of(TrainedModel? model, IReadOnlyList<Item> catalogue, InService? before = null) =>
        Of(model, new CatalogueView(model?.Items ?? Vocabulary.Empty, catalogue, new CatalogueOptions()), before);

    /// <param name="model">What is put in service.</param>
    /// <param name="view">Numbered as the model numbers its items.</param>
    /// <param name="before">What it takes the place of.</param>
    internal static InService Of(TrainedModel? model, CatalogueView view, InService? before = null)
    {
        var service = new InService(model, view, model is null ? null : new DefaultObjectPool<Scorer>(new ScorerPolicy(model), Environment.ProcessorCount * 2));
        // The same options by the same object: by it histories are known that were worked out for the model before.
        if (before?.Confidence is { } read && read.Equals(service.Confidence)) service = service with { Confidence = read };
        service.Place(view.Shelves.All.Select(one => one.Item));
        service.Prepare();
        return service;
    }

    /// <summary>Changes the catalogue and what is expected of its new items. For one caller at a time.</summary>
    internal void Upsert(IReadOnlyList<Item> items)
    {
        View.Upsert(items);
        Place(items);
    }

    /// <summary>Takes items out of the catalogue, and out of the places that new ones have. For one caller at a time.</summary>
    internal void Delete(IReadOnlyList<string> itemIds)
    {
        View.Delete(itemIds);
        if (Model is null) return;
        var shelves = View.Shelves;
        IEnumerable<int> numbers = itemIds.Select(id => shelves.TryGetNumber(id, out int number) ? number : -1);
        _newcomers = Without(_newcomers!, numbers.Where(_newcomers!.Contains));
    }

    // Scratch memory is as long as the catalogue: the first requests after a swap should not be those who wait for it.
    private void Prepare()
    {
        if (Scorers is not { } scorers) return;
        Scorer[] made = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => scorers.Get())];
        foreach (var scorer in made) scorers.Return(scorer);
    }

    private void Place(IEnumerable<Item> items)
    {
        if (Model is not { Placement: { } placement } model) return;
        var (shelves, options) = (View.Shelves, model.Card.Recipe.NewItems);
        var places = new List<(int Number, Newcomer? Place)>();
        int placed = 0;
        // The newest first: what would lose its place again is not placed at all.
        foreach (var part in items.Where(item => !model.Items.TryGetNumber(item.Id, out _)).OrderByDescending(AddedAt).Chunk(PlacedAtOnce))
        {
            bool full = placed >= options.MostItems;
            var placedHere = new (int Number, Newcomer? Place)[part.Length];
            // Where a training puts its model in service, on the training's threads.
            Parallel.For(0, part.Length, Cores.All(CancellationToken.None), k => placedHere[k] =
                (shelves.TryGetNumber(part[k].Id, out int number) ? number : -1, full ? null : placement.Place(part[k], options.Lookalikes)));
            places.AddRange(placedHere);
            placed = places.Count(one => one.Place is not null);
        }
        var newcomers = _newcomers!.With(places, model.ItemFactors.Factors);
        // Those that came first make room; when some of the others are deleted, they have their places again with the next swap.
        int surplus = newcomers.Count - options.MostItems;
        _newcomers = surplus <= 0 ? newcomers : Without(newcomers, newcomers.Numbers.OrderBy(number => AddedAt(shelves[number])).ThenBy(number => number).Take(surplus));
    }

    private Newcomers Without(Newcomers newcomers, IEnumerable<int> numbers) =>
        newcomers.With([.. numbers.Select(number => (number, (Newcomer?)null))], Model!.ItemFactors.Factors);

    private static DateTimeOffset AddedAt(Item? item) => item?.AddedAt ?? DateTimeOffset.MinValue;

    private sealed class ElicitationPolicy(TrainedModel model) : PooledObjectPolicy<Elicitation>
    {
        public override Elicitation Create() => new(model);

        public override bool Return(Elicitation obj) => true;
    }

    private sealed class ScorerPolicy(TrainedModel model) : PooledObjectPolicy<Scorer>
    {
        public override Scorer Create() => new(model);

        public override bool Return(Scorer obj) => true;
    }
}
