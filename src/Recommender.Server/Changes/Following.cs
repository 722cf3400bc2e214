using Microsoft.Extensions.Logging;
using Recommender.Interactions;
using Recommender.Storage;

namespace Recommender.Server.Changes;

/// <summary>
/// Keeps what this server remembers true while others write to the same store. What can be forgotten is forgotten at once and read by whoever needs
/// it next; what every answer needs is read anew beside the present one and put in its place by a single reference write.
/// </summary>
internal sealed partial class Following : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly Shop _shop;
    private readonly Func<CancellationToken, IAsyncEnumerable<StoreChanges>> _watch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private readonly ChangedItems _items;
    private readonly Reload _catalogue, _scenarios, _questionnaires, _policy, _schema, _rules, _secret, _erased, _model;
    private Task _following = Task.CompletedTask;

    /// <param name="watch">The changes from its first reading on; read until it is cancelled.</param>
    public Following(Shop shop, Func<CancellationToken, IAsyncEnumerable<StoreChanges>> watch, TimeProvider time, ILogger logger)
    {
        (_shop, _watch, _time, _logger) = (shop, watch, time, logger);
        _items = new ChangedItems(time);
        _catalogue = Reload("the catalogue", stop => _items.ReadAsync(shop.Live, stop));
        _scenarios = Reload("the scenarios", shop.Scenarios.LoadAsync);
        _questionnaires = Reload("the questionnaires", shop.Questionnaires.LoadAsync);
        _policy = Reload("the contact policy", shop.Contacts.LoadAsync);
        _schema = Reload("the profile schema", shop.Profiles.LoadAsync);
        _rules = Reload("the rules of the relationship", shop.RelationshipSettings.LoadAsync);
        _secret = Reload("the secret of the sessions", shop.SessionIds.LoadAsync);
        _erased = Reload("the list of the erased", ReadErasedAsync);
        _model = Reload("the live model", shop.Models.FollowAsync);

        Reload Reload(string what, Func<CancellationToken, Task> read) => new(what, read, time, logger);
    }

    private Reload[] Everything => [_catalogue, _scenarios, _questionnaires, _policy, _schema, _rules, _secret, _erased, _model];

    /// <summary>Watches from the moment it returns.</summary>
    public void Start() => _following = FollowAsync();

    /// <summary>Returns when what was told so far is read.</summary>
    public Task SettledAsync() => Task.WhenAll(Everything.Select(reload => reload.SettledAsync()));

    /// <summary>What these changes say of what is remembered.</summary>
    public void Take(StoreChanges told)
    {
        if (told.LostTrack) ForgetEverything();
        foreach (var stored in told.Events)
        {
            // One's own come back, too, and are known.
            if (_shop.Histories.Add(stored)) _shop.Kept.Heard(stored.Event);
        }
        HashSet<Person>? linked = null;
        foreach (var change in told.Changes)
        {
            if (change is { Kind: StoredKind.Link, Person: { } person }) (linked ??= []).Add(person);
            else Take(change);
        }
        // One look at everybody held, however many links there are.
        if (linked is not null) _shop.Identities.ForgetCirclesOf(linked);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _following;
        foreach (var reload in Everything) await reload.DisposeAsync();
        _closing.Dispose();
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            try
            {
                await foreach (var told in _watch(_closing.Token)) Take(told);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested) { return; }
            // A feed that ends by itself has a fault; a server that no longer hears of the others would have one for good.
            catch (Exception problem) when (problem is not OperationCanceledException || !_closing.IsCancellationRequested) { Log.Broken(_logger, problem); }
            try { await Task.Delay(_pause, _time, _closing.Token); }
            catch (OperationCanceledException) { return; }
            ForgetEverything();
        }
    }

    private void Take(StoreChange change)
    {
        switch (change.Kind)
        {
            case StoredKind.Item:
                _items.Add(change.Id);
                _catalogue.Ask();
                break;
            case StoredKind.Customer when change.Person is { } person:
                Restated(person);
                break;
            case StoredKind.Customer when change.Id is { } id:
                Restated(Person.Customer(id));
                break;
            case StoredKind.Contact when change.Person is { } person:
                _shop.Contacts.Changed(person);
                break;
            case StoredKind.Customer or StoredKind.Contact:
                _shop.Facts.Forget();
                _shop.Relationships.Forget();
                break;
            case StoredKind.Link:
                _shop.Identities.Forget();
                break;
            case StoredKind.ForgottenEvents:
                if (change.Person is { } forgetful) _shop.Histories.Forget([forgetful]);
                else _shop.Histories.Forget();
                _shop.Reviews.Forget();
                break;
            case StoredKind.Erasure:
                _shop.Reviews.Forget();
                _shop.Identities.Forget();
                _erased.Ask();
                break;
            case StoredKind.Setting:
                foreach (var reload in SettingsOf(change.Id)) reload.Ask();
                break;
            case StoredKind.Scenario:
                _scenarios.Ask();
                break;
            case StoredKind.Questionnaire:
                _questionnaires.Ask();
                break;
            case StoredKind.Publication:
                _model.Ask();
                break;
            default:
                // A newer server tells of something that this one does not know: better too much than too little.
                ForgetEverything();
                break;
        }
    }

    private void Restated(Person person)
    {
        _shop.Facts.Forget(person);
        _shop.Relationships.Forget(person);
    }

    private IEnumerable<Reload> SettingsOf(string? name) => name switch
    {
        null => [_policy, _schema, _rules, _secret],
        Contacts.ContactDesk.PolicySetting => [_policy],
        Profiles.CustomerProfiles.SchemaSetting => [_schema],
        Questionnaires.SessionIds.SecretSetting => [_secret],
        _ when Relationships.RelationshipSettings.Has(name) => [_rules],
        _ => [],
    };

    /// <summary>Who is erased is nobody from now on, and who is readmitted begins with nothing.</summary>
    private async Task ReadErasedAsync(CancellationToken cancellation)
    {
        // Those of before too: what was read of them while their events were being deleted must not stay.
        await _shop.Erased.LoadAsync(cancellation);
        _shop.Forgetting.Erased();
        await _shop.RelationshipSettings.DropErasedAsync(cancellation);
    }

    private void ForgetEverything()
    {
        _shop.Histories.Forget();
        _shop.Identities.Forget();
        _shop.Exposures.Forget();
        _shop.Facts.Forget();
        _shop.Relationships.Forget();
        _shop.Reviews.Forget();
        _items.Add(null);
        foreach (var reload in Everything) reload.Ask();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 501, Level = LogLevel.Error, Message = "The changes of other servers could not be followed; everything is read anew and they are watched again")]
        public static partial void Broken(ILogger logger, Exception problem);
    }
}
