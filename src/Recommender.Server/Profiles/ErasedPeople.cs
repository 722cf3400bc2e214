using System.Collections.Frozen;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>Who asked to be forgotten: nobody may address or add to them by mistake. Only hashes are kept of them, in memory too.</summary>
internal sealed class ErasedPeople(IErasures erasures, Tenant tenant)
{
    /// <summary>The end of a sentence that begins with the person or the field.</summary>
    public const string Problem = "asked to be forgotten and was erased; readmit them first, at their wish, or use another id";

    private volatile FrozenSet<string> _hashes = [];

    public async Task LoadAsync(CancellationToken cancellation) =>
        _hashes = (await erasures.ListAsync(tenant, cancellation)).SelectMany(erasure => erasure.People).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>From now on nobody adds to them: what would arrive while they are being erased would stay.</summary>
    public void Begin(IEnumerable<Person> people) => _hashes = _hashes.Concat(people.Select(person => Erasure.HashOf(tenant, person))).ToFrozenSet(StringComparer.Ordinal);

    public bool Contains(Person person) => _hashes.Count > 0 && _hashes.Contains(Erasure.HashOf(tenant, person));

    /// <exception cref="RefusedException">The person was erased.</exception>
    public void ThrowIfErased(Person person)
    {
        if (Contains(person)) throw new RefusedException(StatusCode.FailedPrecondition, $"{person} {Problem}");
    }

    /// <summary>The same, naming the message within the call that is about the person, such as <c>events[3]</c>.</summary>
    /// <exception cref="RefusedException">The person was erased.</exception>
    public void ThrowIfErased(Person person, string message)
    {
        if (Contains(person)) throw new RefusedException(StatusCode.FailedPrecondition, $"{person} {Problem}", [new($"{message}.{FieldOf(person)}", Problem)]);
    }

    /// <summary>The field of a message that names the person.</summary>
    public static string FieldOf(Person person) => person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id";
}
