using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Pressure;
using Recommender.Questionnaires;

namespace Recommender.Storage;

/// <summary>What every engine accepts of what is kept about people; what it could not give back is refused, saying whose and which field.</summary>
internal static class StorablePeople
{
    public static void Check(Customer customer, int index)
    {
        const string Owner = "customer";
        string id = customer.Id;
        Storable.RequireId(id, Owner, index);
        Storable.RequireAttributes(customer.Attributes, Owner, id);
        foreach (var (name, statement) in customer.Statements)
        {
            Storable.RequireText(name, Owner, id, "the name of a statement");
            Storable.RequireNotNull(statement.Source, Owner, id, $"source of the statement {name}");
            Storable.RequireNumber(statement.Confidence, Owner, id, $"confidence of the statement {name}");
        }
        foreach (string name in customer.Dates.Keys) Storable.RequireText(name, Owner, id, "the name of a date");
        foreach (Consent consent in customer.Consents.AsSpan())
        {
            Storable.RequireNotNull(consent.Purpose, Owner, id, "purpose of a consent");
            Storable.RequireNotNull(consent.Channel, Owner, id, "channel of a consent");
            Storable.RequireNotNull(consent.Source, Owner, id, "source of a consent");
        }
    }

    public static void Check(IdentityLink link)
    {
        const string Owner = "link";
        Storable.RequireId(link.Id, Owner, 0);
        Storable.RequirePerson(link.From, Owner, link.Id);
        Storable.RequireNotEmpty(link.CustomerId, Owner, link.Id, "customer_id");
        Storable.RequireNotNull(link.Source, Owner, link.Id, "source");
    }

    public static void Check(QuestionnaireSession session)
    {
        const string Owner = "session";
        Storable.RequireId(session.Id, Owner, 0);
        Storable.RequireNotEmpty(session.QuestionnaireId, Owner, session.Id, "questionnaire_id");
        Storable.RequirePerson(session.Person, Owner, session.Id);
        Storable.RequireNotNull(session.Language, Owner, session.Id, "language");
    }

    public static void Check(Contact reservation, IReadOnlyList<Person> people)
    {
        const string Owner = "contact";
        string id = reservation.Id;
        Storable.RequireId(id, Owner, 0);
        Storable.RequirePerson(reservation.Person, Owner, id);
        Storable.RequireNotEmpty(reservation.Channel, Owner, id, "channel");
        Storable.RequireNotNull(reservation.Purpose, Owner, id, "purpose");
        Storable.RequireNotNull(reservation.Scenario, Owner, id, "scenario");
        foreach (string item in reservation.ItemIds.AsSpan()) Storable.RequireNotEmpty(item, Owner, id, "item_ids");
        if (reservation.State != ContactState.Reserved)
            throw new ArgumentException($"{Owner} {id}: state is {reservation.State}; one begins as Reserved.");
        if (!(reservation.ExpiresAt > reservation.At))
        {
            throw new ArgumentException(
                $"{Owner} {id}: expires_at is {reservation.ExpiresAt?.ToString("O") ?? "missing"}; it must be after at ({reservation.At:O}).");
        }
        if (!people.Contains(reservation.Person))
            throw new ArgumentException($"{Owner} {id}: {reservation.Person} is not among the people whose contacts count.");
    }

    public static void Check(CustomerHistory customer, int index)
    {
        const string Owner = "life cycle of the customer";
        Storable.RequireId(customer.CustomerId, Owner, index);
        if (customer.State is { } state)
        {
            if (state.CustomerId != customer.CustomerId) throw new ArgumentException($"{Owner} {customer.CustomerId}: the state is that of {state.CustomerId}.");
            if (!double.IsFinite(state.Worth)) throw new ArgumentException($"{Owner} {customer.CustomerId}: worth is {state.Worth}.");
            Storable.RequireNotEmpty(state.Stage, Owner, customer.CustomerId, "stage");
            Storable.RequireNotNull(state.Reason, Owner, customer.CustomerId, "reason");
            Storable.RequireNotNull(state.Summary, Owner, customer.CustomerId, "summary");
        }
        foreach (CustomerTransition transition in customer.Transitions)
        {
            Storable.RequireNotNull(transition.From, Owner, customer.CustomerId, "from");
            Storable.RequireNotEmpty(transition.To, Owner, customer.CustomerId, "to");
            Storable.RequireNotNull(transition.Reason, Owner, customer.CustomerId, "reason of a transition");
        }
    }

    /// <summary>The people of an erasure, and what was deleted of them elsewhere, by the kinds that there are.</summary>
    public static Dictionary<string, long> Check(
        string receiptId, IReadOnlyList<Person> people, IReadOnlyDictionary<string, long> elsewhere, Dictionary<string, long> nothing)
    {
        Storable.RequireId(receiptId, "receipt", 0);
        if (people.Count == 0) throw new ArgumentException($"receipt {receiptId}: there is nobody to erase.", nameof(people));
        foreach (Person person in people) Storable.RequirePerson(person, "receipt", receiptId);
        foreach (var (kind, count) in elsewhere)
        {
            if (!nothing.ContainsKey(kind))
                throw new ArgumentException($"receipt {receiptId}: \"{kind}\" is no kind of record; there are {string.Join(", ", nothing.Keys)}.", nameof(elsewhere));
            nothing[kind] += count;
        }
        return nothing;
    }

    /// <param name="isDraft">Whether it is to be version 0, or one from 1.</param>
    public static void Check(QuestionnaireVersion version, bool isDraft)
    {
        Storable.RequireId(version.Id, "questionnaire", 0);
        Storable.RequireNotNull(version.Definition, "questionnaire", version.Id, "definition");
        if (isDraft && version.Version != 0) throw new ArgumentException($"questionnaire {version.Id}: a draft has version 0, not {version.Version}.", nameof(version));
        if (!isDraft && version.Version < 1) throw new ArgumentException($"questionnaire {version.Id}: versions begin at 1, this is {version.Version}.", nameof(version));
    }
}
