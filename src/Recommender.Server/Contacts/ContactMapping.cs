using Google.Protobuf.WellKnownTypes;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Server.Errors;
using Recommender.Server.Relationships;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Contacts;

/// <summary>Contacts and budgets between the protocol and the domain.</summary>
internal static class ContactMapping
{
    public static Wire.Pressure ToWire(PressureDecision decision) => new()
    {
        Allowed = decision.Allowed,
        Reason = decision.Reason,
        Cause = NameOf(decision.Cause),
        AllowedFrom = decision.AllowedFrom is { } from ? Timestamp.FromDateTimeOffset(from) : null,
    };

    /// <summary>Empty for none.</summary>
    public static string NameOf(SilenceCause cause) => cause switch
    {
        SilenceCause.Consent => "consent",
        SilenceCause.Budget => "budget",
        SilenceCause.Guardrail => "guardrail",
        SilenceCause.Erased => "erased",
        SilenceCause.OtherAccount => "other_account",
        _ => "",
    };

    public static Wire.Contact ToWire(Contact contact, DateTimeOffset now)
    {
        var wire = new Wire.Contact
        {
            ContactId = contact.Id,
            Channel = contact.Channel,
            Purpose = contact.Purpose,
            At = Timestamp.FromDateTimeOffset(contact.At),
            State = contact.State switch
            {
                ContactState.Confirmed => Wire.ContactState.Confirmed,
                ContactState.Cancelled => Wire.ContactState.Cancelled,
                _ => contact.CountsAt(now) ? Wire.ContactState.Reserved : Wire.ContactState.Expired,
            },
            ExpiresAt = contact is { State: ContactState.Reserved, ExpiresAt: { } expires } ? Timestamp.FromDateTimeOffset(expires) : null,
            Scenario = contact.Scenario,
            ItemIds = { contact.ItemIds },
        };
        if (contact.Person.Kind == PersonKind.Customer) wire.CustomerId = contact.Person.Id;
        else wire.VisitorId = contact.Person.Id;
        return wire;
    }

    public static ContactPolicy FromWire(Wire.ContactPolicy wire, RequestCheck check)
    {
        for (int i = 0; i < wire.Budgets.Count; i++)
        {
            var budget = wire.Budgets[i];
            check.Number($"budgets[{i}].most", budget.Most, 0, 10_000, 0);
            // Boxes are remembered for 30 days, contacts for ever.
            check.Number($"budgets[{i}].days", budget.Days, 1, budget.Channels.Contains(ContactPolicy.Web) ? Exposures.Window.Days : 365, 1);
            check.Ids($"budgets[{i}].channels", budget.Channels, 20);
            foreach (string stage in budget.Stages)
            {
                if (!StageNames.TryParse(stage, out _)) check.Add($"budgets[{i}].stages", StageNames.ProblemWith(stage));
            }
        }
        check.Ids("consent_channels", wire.ConsentChannels, 20);
        return new ContactPolicy
        {
            Budgets = [.. wire.Budgets.Select(budget => new ContactBudget([.. budget.Channels], budget.Most, budget.Days, [.. budget.Stages]))],
            ConsentChannels = [.. wire.ConsentChannels],
        };
    }

    public static Wire.ContactPolicy ToWire(ContactPolicy policy)
    {
        var wire = new Wire.ContactPolicy { ConsentChannels = { policy.ConsentChannels } };
        foreach (var budget in policy.Budgets)
            wire.Budgets.Add(new Wire.ContactBudget { Channels = { budget.Channels }, Most = budget.Most, Days = budget.Days, Stages = { budget.Stages } });
        return wire;
    }
}
