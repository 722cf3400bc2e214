using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Recommender.Pressure;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Contact = Recommender.Pressure.Contact;
using ContactPolicy = Recommender.Pressure.ContactPolicy;
using ContactState = Recommender.Pressure.ContactState;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Contacts;

internal sealed class ContactEndpoint(Shop shop, TimeProvider time) : ContactService.ContactServiceBase
{
    private const int MostItems = 100;

    public override async Task<Wire.Pressure> CheckContact(CheckContactRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var person = check.Person(request.CustomerId, request.VisitorId);
        check.Id("channel", request.Channel);
        check.ThrowIfAny();
        return ContactMapping.ToWire(await shop.Contacts.CheckAsync(person, request.Channel, Purpose(request.Purpose), context.CancellationToken));
    }

    public override async Task<ReserveContactResponse> ReserveContact(ReserveContactRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        check.Id("contact_id", request.ContactId);
        var person = check.Person(request.CustomerId, request.VisitorId);
        check.Id("channel", request.Channel);
        check.Ids("item_ids", request.ItemIds, MostItems);
        int minutes = check.Number("hold_minutes", request.HasHoldMinutes ? request.HoldMinutes : null, 1, 1440, otherwise: 60);
        check.ThrowIfAny();
        var now = time.GetUtcNow();
        var reservation = new Contact(request.ContactId, person, request.Channel, Purpose(request.Purpose), now, ContactState.Reserved)
        {
            ExpiresAt = now + TimeSpan.FromMinutes(minutes),
            Scenario = request.Scenario,
            ItemIds = [.. request.ItemIds],
        };
        var (decision, contact) = await shop.Contacts.ReserveAsync(reservation, context.CancellationToken);
        return new ReserveContactResponse { Pressure = ContactMapping.ToWire(decision), Contact = contact is null ? null : ContactMapping.ToWire(contact, now) };
    }

    public override async Task<Wire.Contact> ConfirmContact(ConfirmContactRequest request, ServerCallContext context) =>
        ContactMapping.ToWire(await shop.Contacts.SettleAsync(request.ContactId, ContactState.Confirmed, context.CancellationToken), time.GetUtcNow());

    public override async Task<Wire.Contact> CancelContact(CancelContactRequest request, ServerCallContext context) =>
        ContactMapping.ToWire(await shop.Contacts.SettleAsync(request.ContactId, ContactState.Cancelled, context.CancellationToken), time.GetUtcNow());

    public override async Task<Ledger> GetLedger(GetLedgerRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var check = new RequestCheck();
        var person = check.Person(request.CustomerId, request.VisitorId);
        int days = check.Number("days", request.HasDays ? request.Days : null, 1, 365, otherwise: 30);
        check.ThrowIfAny();
        shop.Erased.ThrowIfErased(person);
        var now = time.GetUtcNow();
        var circle = await shop.Identities.OfAsync(person, cancellation);
        var ledger = new Ledger { Contacts = { (await shop.Contacts.LedgerAsync(circle, now - TimeSpan.FromDays(days), cancellation)).Select(contact => ContactMapping.ToWire(contact, now)) } };
        foreach (var box in await shop.Exposures.OfAsync(circle, cancellation))
            ledger.Exposures.Add(new Exposure { RecommendationId = box.RecommendationId, At = Timestamp.FromDateTimeOffset(box.At), Scenario = box.Scenario, ItemIds = { box.ItemIds } });
        foreach (var (limit, counted) in await shop.Contacts.BudgetsAsync(circle, now, cancellation))
        {
            var freeAt = PressureDecision.Of(limit, counted, now).AllowedFrom;
            ledger.Budgets.Add(new BudgetUse { Name = limit.Name, Used = counted.Count, Most = limit.Most, FreeAt = freeAt is { } at ? Timestamp.FromDateTimeOffset(at) : null });
        }
        return ledger;
    }

    public override async Task<Wire.ContactPolicy> SetContactPolicy(Wire.ContactPolicy request, ServerCallContext context)
    {
        var check = new RequestCheck();
        var policy = ContactMapping.FromWire(request, check);
        check.ThrowIfAny();
        await shop.Contacts.SetPolicyAsync(policy, context.CancellationToken);
        return ContactMapping.ToWire(policy);
    }

    public override Task<Wire.ContactPolicy> GetContactPolicy(GetContactPolicyRequest request, ServerCallContext context) =>
        Task.FromResult(ContactMapping.ToWire(shop.Contacts.Policy));

    private static string Purpose(string purpose) => purpose.Length > 0 ? purpose : ContactPolicy.Marketing;
}
