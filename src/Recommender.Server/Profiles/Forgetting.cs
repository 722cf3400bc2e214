using Grpc.Core;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>Forgets what people ask to have forgotten: in the store, and in everything that is remembered here.</summary>
internal sealed class Forgetting(Shop shop, TimeProvider time)
{
    /// <summary>Forgets a customer wholly, with everybody whose events count for nobody else.</summary>
    public async Task<Erasure> CustomerAsync(string customerId, CancellationToken cancellation)
    {
        var customer = Person.Customer(customerId);
        shop.Erased.ThrowIfErased(customer);
        var circle = await shop.Identities.FreshAsync(customer, cancellation);
        if (circle.Root != customer)
            throw new RefusedException(StatusCode.FailedPrecondition, $"customer {customerId} belongs to {circle.Root}; unlink them first, or erase {circle.Root}");
        // A shared device stays for the others on it; what this customer did there goes.
        var whole = circle.People.Where(person => circle.Map.CustomersOf(person).Count <= 1).Append(customer).Distinct().ToArray();
        Erasure? receipt = null;
        await shop.Kept.ExclusivelyAsync(async () =>
        {
            shop.Erased.ThrowIfErased(customer);
            await shop.Erased.BeginAsync(whole, CancellationToken.None);
            try
            {
                // Taken when they are marked: a training that begins to read later leaves them out.
                var at = time.GetUtcNow();
                await shop.RelationshipSettings.ForgetAsync(whole, CancellationToken.None);
                // Before the receipt is entered: it says that everything is gone.
                if (shop.Location.LocalFolder is { } folder) TrainingCheckpoint.Forget(folder);
                var elsewhere = await OnSharedAsync(circle, [.. circle.People.Except(whole)]);
                receipt = await shop.Store.Erasures.EraseAsync(shop.Tenant, whole, Guid.CreateVersion7(at).ToString("N"), at, elsewhere, CancellationToken.None);
            }
            finally { await shop.Erased.EndAsync(whole, CancellationToken.None); }
        }, CancellationToken.None);
        shop.Reviews.Forget();
        shop.Identities.Forget();
        var people = circle.People.ToHashSet();
        Forget(people.Contains);
        return receipt!;
    }

    /// <summary>Nothing is remembered any more of whoever was erased, here or elsewhere.</summary>
    public void Erased() => Forget(shop.Erased.Contains);

    private void Forget(Func<Person, bool> whose)
    {
        shop.Histories.Forget(whose);
        shop.Exposures.Forget(whose);
        shop.Facts.Forget(whose);
        shop.Relationships.Forget(whose);
    }

    /// <summary>What the circle's root did and was shown on devices that others use too; how much of each kind.</summary>
    private async Task<Dictionary<string, long>> OnSharedAsync(Circle circle, IReadOnlyList<Person> shared)
    {
        long events = 0;
        foreach (var device in shared)
        {
            var own = (await shop.Store.Events.ReadPersonAsync(shop.Tenant, device, CancellationToken.None)).Select(stored => stored.Event).Where(circle.Owns).Select(happened => happened.EventId).ToArray();
            if (own.Length > 0) events += await EventsAsync(device, own, CancellationToken.None);
        }
        long shown = await shop.Served.ForgetAsync(shared,
            served => served.Person is { } device && circle.Map.OwnerOf(device, served.ServedAt) == circle.Root, CancellationToken.None);
        return new() { ["events"] = events, ["recommendations"] = shown };
    }

    public async Task<int> EventsAsync(Person person, IReadOnlyList<string> eventIds, CancellationToken cancellation)
    {
        int forgotten = await shop.Store.Events.ForgetAsync(shop.Tenant, person, eventIds, cancellation);
        shop.Histories.Forget([person]);
        shop.Reviews.Forget();
        shop.Kept.Changed(person);
        return forgotten;
    }
}
