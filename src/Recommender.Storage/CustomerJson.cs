using System.Collections.Immutable;
using Recommender.Customers;

namespace Recommender.Storage;

/// <summary>
/// What is kept of a customer, each as JSON that any tool reads: attributes, statements <c>{"city":{"source":"staff","at":"..","confidence":1}}</c>,
/// dates <c>{"birthday":"1980-01-31"}</c>, consents <c>[{"purpose":"marketing","channel":"mail","granted":true,"at":"..","source":".."}]</c>.
/// </summary>
internal sealed record CustomerJson(byte[] Attributes, byte[] Statements, byte[] Dates, byte[] Consents)
{
    private const string Owner = "customer";

    /// <exception cref="ArgumentException">Something could not be given back as it was sent.</exception>
    public static CustomerJson Of(Customer customer, int index)
    {
        string id = customer.Id;
        Storable.RequireId(id, Owner, index);
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
        return new(AttributeJson.Write(customer.Attributes, Owner, id), PlainJson.Write(customer.Statements), PlainJson.Write(customer.Dates),
            PlainJson.Write(customer.Consents.AsSpan().ToArray()));
    }

    public static ImmutableSortedDictionary<string, T> ReadNamed<T>(ReadOnlySpan<byte> utf8) =>
        PlainJson.Read<Dictionary<string, T>>(utf8).ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static ImmutableArray<Consent> ReadConsents(ReadOnlySpan<byte> utf8) => PlainJson.Read<ImmutableArray<Consent>>(utf8);
}
