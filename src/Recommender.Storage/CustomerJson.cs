using System.Collections.Immutable;
using Recommender.Customers;

namespace Recommender.Storage;

/// <summary>
/// What is kept of a customer, each as JSON that any tool reads: attributes, statements <c>{"city":{"source":"staff","at":"..","confidence":1}}</c>,
/// dates <c>{"birthday":"1980-01-31"}</c>, consents <c>[{"purpose":"marketing","channel":"mail","granted":true,"at":"..","source":".."}]</c>.
/// </summary>
internal sealed record CustomerJson(byte[] Attributes, byte[] Statements, byte[] Dates, byte[] Consents)
{
    /// <exception cref="ArgumentException">Something could not be given back as it was sent.</exception>
    public static CustomerJson Of(Customer customer, int index)
    {
        StorablePeople.Check(customer, index);
        return new(AttributeJson.Write(customer.Attributes, "customer", customer.Id), PlainJson.Write(customer.Statements), PlainJson.Write(customer.Dates),
            PlainJson.Write(customer.Consents.AsSpan().ToArray()));
    }

    public static ImmutableSortedDictionary<string, T> ReadNamed<T>(ReadOnlySpan<byte> utf8) =>
        PlainJson.Read<Dictionary<string, T>>(utf8).ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static ImmutableArray<Consent> ReadConsents(ReadOnlySpan<byte> utf8) => PlainJson.Read<ImmutableArray<Consent>>(utf8);
}
