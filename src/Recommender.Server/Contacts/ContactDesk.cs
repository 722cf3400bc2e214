using Grpc.Core;
using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Server.Relationships;
using Recommender.Storage;

namespace Recommender.Server.Contacts;

/// <summary>Whether somebody may be addressed: consent first, then every budget. Linked devices and accounts are one person.</summary>
internal sealed class ContactDesk(Shop shop, IContactLedger ledger, ISettings settings, TimeProvider time) : IDisposable
{
    public const string PolicySetting = "contact_policy";

    // Who reads the policy and who sets it take turns: what is in force is then what was written last.
    private readonly SemaphoreSlim _changing = new(1);
    private volatile ContactPolicy _policy = new();

    public ContactPolicy Policy => _policy;

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        if (await settings.FindAsync(shop.Tenant, PolicySetting, cancellation) is { } json) _policy = ContactPolicy.Parse(json);
    }, cancellation);

    public Task SetPolicyAsync(ContactPolicy policy, CancellationToken cancellation) => ExclusivelyAsync(async () =>
    {
        await settings.SetAsync(shop.Tenant, PolicySetting, policy.ToJson(), CancellationToken.None);
        _policy = policy;
    }, cancellation);

    public async ValueTask<PressureDecision> CheckAsync(Person person, string channel, string purpose, CancellationToken cancellation)
    {
        // Boxes on the site, where neither a budget nor consent is about them, cost a request nothing.
        if (!MayBeRefused(channel, purpose)) return PressureDecision.GoAhead;
        shop.Erased.ThrowIfErased(person);
        var circle = await shop.Identities.OfAsync(person, cancellation);
        if (MissingConsent(circle, await ProfileAsync(circle, cancellation), channel, purpose) is { } silent) return silent;
        return await FullBudgetAsync(circle, channel, cancellation) ?? PressureDecision.GoAhead;
    }

    public async Task<(PressureDecision Decision, Contact? Contact)> ReserveAsync(Contact reservation, CancellationToken cancellation)
    {
        shop.Erased.ThrowIfErased(reservation.Person);
        var circle = await shop.Identities.FreshAsync(reservation.Person, cancellation);
        var now = time.GetUtcNow();
        bool mayBeRefused = MayBeRefused(reservation.Channel, reservation.Purpose);
        // Asked of the store: a no that another server took down a moment ago holds.
        var profile = mayBeRefused && circle.Root.Kind == PersonKind.Customer ? await shop.Profiles.FindAsync(circle.Root.Id, cancellation) : null;
        if (mayBeRefused && MissingConsent(circle, profile, reservation.Channel, reservation.Purpose) is { } silent) return (silent, null);
        var limits = mayBeRefused ? _policy.LimitsFor(reservation.Channel, await StageAsync(circle, cancellation), now) : [];
        try
        {
            var outcome = await ledger.TryReserveAsync(shop.Tenant, reservation with { Person = circle.Root }, circle.People,
                await WithoutBoxesAsync(circle, limits, cancellation), CancellationToken.None);
            if (outcome.Granted is { } granted)
            {
                Changed(granted.Person);
                return (PressureDecision.GoAhead, granted);
            }
            var limit = limits.First(one => one.Name == outcome.LimitHit!.Name);
            return (PressureDecision.Of(limit, await CountedAsync(circle, limit, await LedgerAsync(circle, limit.Since, cancellation), cancellation), now), null);
        }
        catch (InvalidOperationException taken)
        {
            throw new RefusedException(StatusCode.AlreadyExists, taken.Message, [new("contact_id", taken.Message)]);
        }
    }

    // The ledger knows contacts only: where boxes count too, they have taken their part of the budget already.
    private async Task<IReadOnlyList<ContactLimit>> WithoutBoxesAsync(Circle circle, IReadOnlyList<ContactLimit> limits, CancellationToken cancellation)
    {
        if (!limits.Any(limit => limit.Channels.Contains(ContactPolicy.Web))) return limits;
        var boxes = await shop.Exposures.OfAsync(circle, cancellation);
        return [.. limits.Select(limit => limit.Channels.Contains(ContactPolicy.Web) ? limit with { Most = Math.Max(0, limit.Most - boxes.Count(box => box.At > limit.Since)) } : limit)];
    }

    /// <exception cref="RefusedException">There is no such contact, or it can no longer become that.</exception>
    public async Task<Contact> SettleAsync(string contactId, ContactState state, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var contact = await ledger.SettleAsync(shop.Tenant, contactId, state, time.GetUtcNow(), CancellationToken.None)
            ?? throw new RefusedException(StatusCode.NotFound, $"there is no contact \"{contactId}\"; reserve it first");
        Changed(contact.Person);
        return contact.State == state ? contact
            : throw new RefusedException(StatusCode.FailedPrecondition, $"contact \"{contactId}\" is {contact.State.ToString().ToLowerInvariant()} and stays so");
    }

    public async Task<IReadOnlyList<Contact>> LedgerAsync(Circle circle, DateTimeOffset since, CancellationToken cancellation) =>
        await ledger.ReadAsync(shop.Tenant, circle.People, since, cancellation);

    /// <summary>Every budget that holds for a person, and the moments that count against it.</summary>
    public async Task<IReadOnlyList<(ContactLimit Limit, IReadOnlyList<DateTimeOffset> Counted)>> BudgetsAsync(Circle circle, DateTimeOffset now, CancellationToken cancellation)
    {
        string stage = await StageAsync(circle, cancellation);
        var uses = new List<(ContactLimit, IReadOnlyList<DateTimeOffset>)>();
        foreach (var budget in _policy.Budgets.Where(budget => budget.Stages.IsEmpty || budget.Stages.Contains(stage)))
        {
            var limit = new ContactLimit(budget.Name, budget.Channels, now - TimeSpan.FromDays(budget.Days), budget.Most);
            uses.Add((limit, await CountedAsync(circle, limit, await LedgerAsync(circle, limit.Since, cancellation), cancellation)));
        }
        return uses;
    }

    /// <summary>A contact of theirs was entered or settled.</summary>
    public void Changed(Person person)
    {
        shop.Facts.Forget(person);
        shop.Relationships.Forget(person);
    }

    /// <summary>Whether it takes more than a look at the policy to say yes.</summary>
    public bool MayBeRefused(string channel, string purpose) => purpose != ContactPolicy.Service
        && (channel != ContactPolicy.Web || _policy.ConsentChannels.Contains(channel) || _policy.Budgets.Any(budget => budget.Covers(channel)));

    private async ValueTask<Customer?> ProfileAsync(Circle circle, CancellationToken cancellation) =>
        circle.Root.Kind == PersonKind.Customer ? await shop.Facts.ProfileOfAsync(circle.Root, cancellation) : null;

    private PressureDecision? MissingConsent(Circle circle, Customer? customer, string channel, string purpose)
    {
        bool needed = _policy.ConsentChannels.Contains(channel);
        if (!needed && (channel == ContactPolicy.Web || circle.Root.Kind == PersonKind.Visitor)) return null;
        if (circle.Root.Kind == PersonKind.Visitor) return PressureDecision.Silent(SilenceCause.Consent, $"a visitor nobody knows cannot have agreed to {purpose} by {channel}");
        return customer?.Agrees(purpose, channel) switch
        {
            true => null,
            false => PressureDecision.Silent(SilenceCause.Consent, $"{circle.Root} declined {purpose} by {channel}"),
            // A no holds on every channel; having said nothing is a no only where the shop asks first.
            null when !needed => null,
            null => PressureDecision.Silent(SilenceCause.Consent, $"{circle.Root} has not agreed to {purpose} by {channel}"),
        };
    }

    private async ValueTask<PressureDecision?> FullBudgetAsync(Circle circle, string channel, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var limit in _policy.LimitsFor(channel, await StageAsync(circle, cancellation), now))
        {
            var contacts = await shop.Facts.ContactsOfAsync(circle.People, limit.Since, cancellation);
            var decision = PressureDecision.Of(limit, await CountedAsync(circle, limit, contacts, cancellation), now);
            if (!decision.Allowed) return decision;
        }
        return null;
    }

    private async Task<IReadOnlyList<DateTimeOffset>> CountedAsync(Circle circle, ContactLimit limit, IReadOnlyList<Contact> contacts, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var moments = contacts.Where(contact => contact.CountsAt(now) && limit.Covers(contact.Channel) && contact.At > limit.Since).Select(contact => contact.At);
        if (!limit.Channels.Contains(ContactPolicy.Web)) return [.. moments];
        var boxes = (await shop.Exposures.OfAsync(circle, cancellation)).Select(box => box.At).Where(at => at > limit.Since);
        return [.. moments.Concat(boxes).Order()];
    }

    /// <summary>Asked for only where a budget goes by it.</summary>
    private async ValueTask<string> StageAsync(Circle circle, CancellationToken cancellation) =>
        _policy.Budgets.Any(budget => !budget.Stages.IsEmpty) && await shop.Relationships.OfAsync(circle, cancellation) is { } relationship
            ? StageNames.Of(relationship.Stage) : "";

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try { await work(); }
        finally { _changing.Release(); }
    }

    public void Dispose() => _changing.Dispose();
}
