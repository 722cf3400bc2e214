using System.ComponentModel.DataAnnotations;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Recommender.Interactions;
using Recommender.Models;
using Recommender.Server.Changes;
using Recommender.Server.Contacts;
using Recommender.Server.Errors;
using Recommender.Server.Ingest;
using Recommender.Server.Profiles;
using Recommender.Server.Questionnaires;
using Recommender.Server.Scenarios;
using Recommender.Server.Security;
using Recommender.Server.Serving;
using Recommender.Server.Training;
using Recommender.Storage;

namespace Recommender.Server;

/// <summary>One shop, open: its store, and everything of it that is in memory. Several shops in one server are several of these.</summary>
public sealed class Shop : IAsyncDisposable
{
    // Looking for a name like the one asked for compares with each: a hint is not worth more than some milliseconds.
    private const int MostSuggestions = 20_000;

    /// <summary>The checkpoint of a copy into a store, there as long as the copy is not whole.</summary>
    internal const string BegunCopy = "copy";

    private readonly TimeProvider _time;
    private readonly Histories _histories;
    private readonly ShownElsewhere _shownElsewhere;

    private Shop(ShopOptions options, IShopStore store, Recipe recipe, AccessKeys keys, TimeProvider time, ILoggerFactory loggers)
    {
        (Store, Recipe, _time) = (store, recipe, time);
        Location = options.Store;
        Reading = new PersonReading(this, time);
        _histories = new Histories(async (person, stop) => (await Reading.ReadAsync(person, stop)).Events, options.PeopleInMemory);
        Facts = new PersonFacts(Reading.ReadAsync, options.PeopleInMemory);
        Identities = new Identities(
            store.Links, async (person, stop) => (await Reading.ReadAsync(person, stop)).Links, Tenant, time, options.PeopleInMemory);
        Circles = new CircleEvents(_histories, Identities);
        Linking = new IdentityLinking(this, Identities, time);
        Erased = new ErasedPeople(store.Erasures, Tenant);
        Forgetting = new Forgetting(this, time);
        Profiles = new CustomerProfiles(store.Customers, store.Settings, Tenant, Erased);
        CustomerSearch = new CustomerSearch(Profiles, store.Customers, Tenant);
        Portraits = new Portraits(this, time);
        OwnViews = new OwnViews(this, time);
        Keys = keys;
        Live = new LiveModel(store.Items, Tenant, () => Scenarios!.All.SelectMany(scenario => scenario.AllFilters()), time);
        Scenarios = new ScenarioList(store.Scenarios, Tenant);
        SessionIds = new SessionIds(store.Settings, Tenant);
        Questionnaires = new QuestionnaireList(store.Questionnaires, Tenant, time);
        Reach = new StoreReach(store, Tenant, time, loggers.CreateLogger<StoreReach>());
        Intake = new EventIntake(store.Events, Tenant, _histories, Erased, Reach);
        Served = new ServedLog(store.Recommendations, Tenant, Erased, time, loggers.CreateLogger<ServedLog>());
        _shownElsewhere = new ShownElsewhere(this, loggers.CreateLogger<ShownElsewhere>());
        Exposures = new Exposures(
            Served, Reading.ReadAsync, time, options.PeopleInMemory, store.IsShared ? _shownElsewhere.Read : _ => { });
        Contacts = new ContactDesk(this, store.Contacts, store.Settings, time);
        Relationships = new Relationships.Relationships(this, time, options.PeopleInMemory);
        RelationshipSettings = new Relationships.RelationshipSettings(this, time);
        Kept = new Relationships.KeptStages(this, time, loggers.CreateLogger<Relationships.KeptStages>());
        Pass = new Relationships.NightlyPass(this, time);
        Fitting = new Relationships.Fitting(this, time);
        Reviews = new Relationships.Reviews(store.Events, Tenant);
        Profiles.Changed = person =>
        {
            Facts.Forget(person);
            Relationships.Forget(person);
            Kept.Changed(person);
        };
        Intake.Recorded = Kept.Recorded;
        Recommending = new Recommending(this, time);
        Batch = new BatchRecommending(this, time);
        WhyNot = new WhyNot(this);
        Models = new ModelVersions(this, time, loggers.CreateLogger<ModelVersions>());
        Following = new Following(this, stop => store.Changes.WatchAsync(Tenant, stop), time, loggers.CreateLogger<Following>());
    }

    public Tenant Tenant { get; } = Tenant.Default;

    public IShopStore Store { get; }

    /// <summary>Where all of it is kept.</summary>
    public ShopLocation Location { get; }

    /// <summary>How models are trained here unless a call brings another recipe, and what the event types teach.</summary>
    public Recipe Recipe { get; }

    public LiveModel Live { get; }

    public Recommending Recommending { get; }

    public ModelVersions Models { get; }

    public ServedLog Served { get; }

    /// <summary>Who may call; none: whoever is on this machine.</summary>
    public AccessKeys Keys { get; }

    internal Identities Identities { get; }

    /// <summary>Hears what other servers do to the same shop.</summary>
    internal Following Following { get; }

    internal StoreReach Reach { get; }

    /// <summary>What keeps answers from being what they could be; empty in full health.</summary>
    public string Degraded => Reach.IsLost
        ? string.Join("; ", ((string[])[Models.Degraded, "the store cannot be reached: this is from what was known before"]).Where(problem => problem.Length > 0))
        : Models.Degraded;

    internal PersonReading Reading { get; }

    internal PersonFacts Facts { get; }

    internal CircleEvents Circles { get; }

    internal IdentityLinking Linking { get; }

    internal ErasedPeople Erased { get; }

    internal Forgetting Forgetting { get; }

    internal CustomerProfiles Profiles { get; }

    internal CustomerSearch CustomerSearch { get; }

    internal Portraits Portraits { get; }

    internal OwnViews OwnViews { get; }

    internal Histories Histories => _histories;

    internal Relationships.Relationships Relationships { get; }

    internal Relationships.RelationshipSettings RelationshipSettings { get; }

    internal Relationships.KeptStages Kept { get; }

    internal Relationships.NightlyPass Pass { get; }

    internal Relationships.Fitting Fitting { get; }

    internal Relationships.Reviews Reviews { get; }

    internal Exposures Exposures { get; }

    internal ContactDesk Contacts { get; }

    internal ScenarioList Scenarios { get; }

    internal QuestionnaireList Questionnaires { get; }

    internal SessionIds SessionIds { get; }

    internal EventIntake Intake { get; }

    internal WhyNot WhyNot { get; }

    internal BatchRecommending Batch { get; }

    /// <summary>Opens a shop and puts its live model in service.</summary>
    /// <exception cref="StoreException">It is in use, damaged, out of reach or written by a newer version.</exception>
    /// <exception cref="InvalidRecipeException">The shop's recipe.json is not a recipe.</exception>
    /// <exception cref="InvalidDataException">The shop's keys.json is no file of keys.</exception>
    public static async Task<Shop> OpenAsync(ShopOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        // Read before the store is opened: a file that cannot be read must not leave the folder locked.
        var (recipe, keys) = await OwnersFilesAsync(options.Store, cancellation);
        return await OpenAsync(options, await options.Store.OpenAsync(time, cancellation), recipe, keys, time, loggers, cancellation);
    }

    /// <summary>Opens what is in a store; the store is the shop's from here on, also if it cannot be opened.</summary>
    internal static async Task<Shop> OpenAsync(
        ShopOptions options, IShopStore store, Recipe recipe, AccessKeys keys, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var shop = new Shop(options, store, recipe, keys, time, loggers);
        try
        {
            if (await store.Checkpoints.FindAsync(shop.Tenant, BegunCopy, cancellation) is not null)
                throw new RefusedException(StatusCode.FailedPrecondition, $"a copy into {options.Store} has begun and not ended; end it with the same `recommender copy` as before");
            // First: what changes while the rest is read is then read once more, not missed.
            shop.Following.Start();
            await shop.Scenarios.LoadAsync(cancellation);
            await shop.Questionnaires.LoadAsync(cancellation);
            await shop.SessionIds.LoadAsync(cancellation);
            await shop.Erased.LoadAsync(cancellation);
            await shop.Profiles.LoadAsync(cancellation);
            await shop.Contacts.LoadAsync(cancellation);
            await shop.RelationshipSettings.LoadAsync(cancellation);
            await shop.Models.LoadLiveAsync(cancellation);
            shop.Reach.Start();
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    private static async Task<(Recipe Recipe, AccessKeys Keys)> OwnersFilesAsync(ShopLocation location, CancellationToken cancellation)
    {
        await using var files = await location.OpenFilesAsync(cancellation);
        var recipe = await files.FindAsync(ShopOptions.RecipeFile, cancellation) is { } json ? Recipe.Parse(json) : new Recipe();
        return (recipe, await AccessKeys.ReadAsync(files, cancellation));
    }

    /// <summary>What a person's events add up to, read as the live model's training read them: both then count alike.</summary>
    public ValueTask<History> HistoryOfAsync(Person person, CancellationToken cancellation) => HistoryOfAsync(person, Live.Current, cancellation);

    internal async ValueTask<History> HistoryOfAsync(Person person, InService live, CancellationToken cancellation) =>
        HistoryOf(await Circles.CountedAsync(await Identities.OfAsync(person, cancellation), cancellation), live);

    internal History HistoryOf(PersonEvents events, InService live) =>
        live.Model?.Card is { } card ? events.HistoryOf(live.Confidence!, card.AsOf) : HistoryOf(events.Events, live);

    internal History HistoryOf(IReadOnlyList<ShopEvent> events, InService live) =>
        History.Of(events, live.Model?.Card.Recipe.Confidence ?? Recipe.Confidence, live.Model?.Card.AsOf ?? _time.GetUtcNow());

    /// <summary>Everything a person did under this very id, in the order in which it was recorded.</summary>
    internal async ValueTask<IReadOnlyList<ShopEvent>> OwnEventsOfAsync(Person person, CancellationToken cancellation) =>
        (await _histories.OfAsync(person, cancellation)).Events;

    /// <summary>Records events: on disk when it returns, and in the next answer.</summary>
    public Task<IReadOnlyList<AppendOutcome>> RecordAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellation) =>
        Intake.RecordAsync(events, stampedNow: _ => false, cancellation);

    internal RefusedException UnknownItem(string itemId)
    {
        var shelves = Live.Now.Shelves;
        var ids = Enumerable.Range(0, Math.Min(shelves.Length, MostSuggestions)).Select(number => shelves[number]?.Id).OfType<string>();
        return RefusedException.NotFound("item", itemId, ids);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Reach.DisposeAsync();
            await Following.DisposeAsync();
            await _shownElsewhere.DisposeAsync();
            await Served.DisposeAsync();
            await Kept.DisposeAsync();
        }
        finally { await Store.DisposeAsync(); }
        Models.Dispose();
        Scenarios.Dispose();
        Questionnaires.Dispose();
        Live.Dispose();
        Identities.Dispose();
        Profiles.Dispose();
        Contacts.Dispose();
        Erased.Dispose();
        RelationshipSettings.Dispose();
        Reviews.Dispose();
    }
}
