using System.Collections.Frozen;
using Grpc.Core;
using Recommender.Interactions;
using Recommender.Server.Errors;
using Recommender.Storage;

namespace Recommender.Server.Profiles;

/// <summary>Who asked to be forgotten: nobody may address or add to them by mistake. Only hashes are kept of them, in memory too.</summary>
internal sealed class ErasedPeople(IErasures erasures, Tenant tenant) : IDisposable
{
    /// <summary>The end of a sentence that begins with the person or the field.</summary>
    public const string Problem = "asked to be forgotten and was erased; readmit them first, at their wish, or use another id";

    // One at a time: of two who read the list, the later one must also be the one who puts it in force.
    private readonly SemaphoreSlim _changing = new(1);
    private volatile FrozenSet<string> _hashes = [];

    // The store lists an erasure from its beginning, which comes after what is done before it. Apart, so that reading its list meanwhile lets nobody slip in.
    private volatile FrozenSet<string> _leaving = [];

    public Task LoadAsync(CancellationToken cancellation) => ExclusivelyAsync(ReadAsync, cancellation);

    /// <summary>From now on nobody adds to them: what would arrive while they are being erased would stay.</summary>
    public Task BeginAsync(IReadOnlyList<Person> people, CancellationToken cancellation) => ExclusivelyAsync(_ =>
    {
        _leaving = _leaving.Union(people.Select(HashOf)).ToFrozenSet(StringComparer.Ordinal);
        return Task.CompletedTask;
    }, cancellation);

    /// <summary>The store has them among the erased, or they were not erased after all.</summary>
    public Task EndAsync(IReadOnlyList<Person> people, CancellationToken cancellation) => ExclusivelyAsync(async stop =>
    {
        await ReadAsync(stop);
        _leaving = _leaving.Except(people.Select(HashOf)).ToFrozenSet(StringComparer.Ordinal);
    }, cancellation);

    public bool Contains(Person person)
    {
        if (_leaving.Count == 0 && _hashes.Count == 0) return false;
        string hash = HashOf(person);
        // In this order: whoever is no longer leaving is among the erased already.
        return _leaving.Contains(hash) || _hashes.Contains(hash);
    }

    /// <summary>Who was erased or is being erased at this moment, here or elsewhere, for a reading that begins now and may still come across their events.</summary>
    public async Task<Func<Person, bool>> GoneNowAsync(CancellationToken cancellation)
    {
        await LoadAsync(cancellation);
        var (leaving, hashes) = (_leaving, _hashes);
        if (leaving.Count + hashes.Count == 0) return _ => false;
        var known = new Dictionary<Person, bool>();
        return person =>
        {
            if (known.TryGetValue(person, out bool gone)) return gone;
            string hash = HashOf(person);
            return known[person] = leaving.Contains(hash) || hashes.Contains(hash);
        };
    }

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

    public void Dispose() => _changing.Dispose();

    private string HashOf(Person person) => Erasure.HashOf(tenant, person);

    private async Task ReadAsync(CancellationToken cancellation) =>
        _hashes = (await erasures.PeopleAsync(tenant, cancellation)).ToFrozenSet(StringComparer.Ordinal);

    private async Task ExclusivelyAsync(Func<CancellationToken, Task> change, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try { await change(cancellation); }
        finally { _changing.Release(); }
    }
}
