using Grpc.Core;
using Recommender.Interactions;
using Recommender.LifeCycle;
using Recommender.Relationship;
using Recommender.Server.Errors;
using Recommender.Server.Training;

namespace Recommender.Server.Relationships;

/// <summary>Learns from the shop's own purchases when customers buy, what they pay, and after how long they buy an item again.</summary>
internal sealed class Fitting(Shop shop, TimeProvider time)
{
    private int _running;

    /// <exception cref="RefusedException">Another fit is running.</exception>
    public async Task<FittedModel> RunAsync(TimeUnit unit, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) throw new RefusedException(StatusCode.Aborted, "another fit is running; wait for its end, or cancel it");
        try
        {
            var rules = shop.Relationships.Rules;
            var until = rules.Calendar.DayOf(time.GetUtcNow());
            var rhythms = new List<PurchaseRhythm>();
            var intervals = new ItemIntervalsBuilder();
            var threads = new BackgroundThreads(1);
            var purchases = await threads.RunAsync(() => PurchasesAsync(cancellation), cancellation);
            string? currency = rules.Options.Currency.Length > 0 ? rules.Options.Currency : MostUsed(purchases.Values.SelectMany(own => own));
            foreach (var bought in purchases.Values)
            {
                cancellation.ThrowIfCancellationRequested();
                var rhythm = RhythmOf(bought, rules.Calendar, until, currency);
                if (rhythm.Purchases > 0) rhythms.Add(rhythm);
                intervals.Add(ItemPurchases.Of(bought, rules.Calendar, time.GetUtcNow()));
            }
            var model = await threads.RunAsync(() => PurchaseModel.Of(rhythms, until, unit, cancellation), cancellation);
            return await shop.RelationshipSettings.SetAsync(model, intervals.Build(rules.Options.Occasions), cancellation);
        }
        finally { Volatile.Write(ref _running, 0); }
    }

    /// <summary>From one reading of the log, links resolved: of each customer what they bought, brought back and took back. Nothing else is held.</summary>
    private async Task<Dictionary<Person, List<ShopEvent>>> PurchasesAsync(CancellationToken cancellation)
    {
        var map = await shop.Identities.AllAsync(cancellation);
        var purchases = new Dictionary<Person, List<ShopEvent>>();
        await foreach (var stored in shop.Store.Events.ReadSinceAsync(shop.Tenant, 0, cancellation))
        {
            if (stored.Event.Type is not (EventTypes.Purchase or EventTypes.Return or EventTypes.Undo)) continue;
            var owner = map.OwnerOf(stored.Event.Person, stored.Event.OccurredAt);
            if (owner.Kind != PersonKind.Customer) continue;
            if (!purchases.TryGetValue(owner, out var own)) purchases.Add(owner, own = []);
            own.Add(stored.Event);
        }
        return purchases;
    }

    /// <summary>The currency in which most purchases were paid; of several the first by name, null where nothing says a price.</summary>
    internal static string? MostUsed(IEnumerable<ShopEvent> events) => events
        .Where(happened => happened is { Type: EventTypes.Purchase, Price: not null, Currency: not null }).CountBy(happened => happened.Currency!, StringComparer.Ordinal)
        .OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Key).FirstOrDefault();

    /// <param name="currency">Of what is added up; what was paid in another is not known in this one.</param>
    internal static PurchaseRhythm RhythmOf(IReadOnlyList<ShopEvent> events, ShopCalendar calendar, DateOnly until, string? currency)
    {
        var rhythm = new PurchaseRhythm();
        foreach (var happened in StandingEvents.Of(events))
        {
            var day = calendar.DayOf(happened.OccurredAt);
            if (happened.Type != EventTypes.Purchase || day > until) continue;
            rhythm = rhythm.With(day, happened.Currency == currency ? (double)(happened.Price ?? 0) * happened.Quantity : 0);
        }
        return rhythm;
    }
}
