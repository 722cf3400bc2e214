using Grpc.Core;
using Recommender.Interactions;

namespace Recommender.Server.Errors;

/// <summary>Collects what is wrong with a request, so that its sender reads all of it at once.</summary>
internal sealed class RequestCheck
{
    // Most requests are right.
    private List<Violation>? _violations;

    public bool Found => _violations is not null;

    public Violation First => _violations![0];

    public void Add(string field, string problem)
    {
        // A thousand faults of one kind tell no more than the first fifty.
        if ((_violations ??= []).Count < 50) _violations.Add(new(field, problem));
    }

    public void Id(string field, string id)
    {
        if (Identifier.ProblemWith(id) is { } problem) Add(field, problem);
    }

    public void Ids(string field, IReadOnlyList<string> ids, int atMost, bool needed = false)
    {
        if (needed && ids.Count == 0) Add(field, "must not be empty");
        if (ids.Count > atMost) Add(field, $"has {ids.Count} entries, at most {atMost} are allowed");
        else for (int i = 0; i < ids.Count; i++) Id($"{field}[{i}]", ids[i]);
    }

    /// <summary>The person of a call that names exactly one: a oneof leaves the other id empty.</summary>
    public Person Person(string customerId, string visitorId)
    {
        if (customerId.Length == 0 && visitorId.Length == 0) Add("customer_id", "is missing; give a customer_id or a visitor_id");
        else Id(customerId.Length > 0 ? "customer_id" : "visitor_id", customerId.Length > 0 ? customerId : visitorId);
        return customerId.Length > 0 ? Interactions.Person.Customer(customerId) : Interactions.Person.Visitor(visitorId);
    }

    /// <summary>The number, or <paramref name="otherwise"/> where the request has none.</summary>
    public int Number(string field, int? number, int from, int to, int otherwise)
    {
        if (number is not { } given) return otherwise;
        if (given < from || given > to) Add(field, $"is {given}, it must be {from} to {to}");
        return given;
    }

    /// <exception cref="RefusedException">Anything was found.</exception>
    public void ThrowIfAny()
    {
        if (_violations is null) return;
        string more = _violations.Count > 1 ? $" (and {_violations.Count - 1} more)" : "";
        throw new RefusedException(StatusCode.InvalidArgument, $"{_violations[0].Field} {_violations[0].Problem}{more}", _violations);
    }
}
