using Recommender.Customers;
using Recommender.Interactions;
using Recommender.Server.Profiles;
using Recommender.Storage;

namespace Recommender.Cli.Importing;

/// <summary>What the shop itself lets in, as the server would: nobody who asked to be forgotten, and of customers what the profile schema keeps.</summary>
internal sealed class Admission
{
    private readonly Tenant _tenant;
    private readonly HashSet<string> _erased;
    private readonly ProfileSchema _schema;

    private Admission(Tenant tenant, HashSet<string> erased, ProfileSchema schema) => (_tenant, _erased, _schema) = (tenant, erased, schema);

    /// <summary>Read once: while an import has the shop open nobody else erases anybody.</summary>
    public static async Task<Admission> OfAsync(IShopStore store, Tenant tenant, CancellationToken cancellation)
    {
        IReadOnlyList<Erasure> erasures = await store.Erasures.ListAsync(tenant, cancellation);
        string? schema = await store.Settings.FindAsync(tenant, CustomerProfiles.SchemaSetting, cancellation);
        return new Admission(tenant, erasures.SelectMany(erasure => erasure.People).ToHashSet(StringComparer.Ordinal),
            schema is null ? ProfileSchema.Empty : ProfileSchema.Parse(schema));
    }

    /// <summary>The record, or why it is refused.</summary>
    public ImportRecord Checked(ImportRecord record)
    {
        switch (record)
        {
            case EventRecord { Event: var happened } when IsErased(happened.Person):
                return Erased(record.Place);
            case CustomerRecord { Customer: var customer }:
                if (IsErased(Person.Customer(customer.Id))) return Erased(record.Place);
                foreach (var (name, value) in customer.Attributes)
                {
                    if (_schema.ProblemWith(name, value) is { } problem)
                        return new RejectedLine(record.Place, name, DelimitedRow.Shown(customer.Id), $"of this customer {problem}");
                }
                return record;
            default:
                return record;
        }
    }

    // A hash costs most of a microsecond, which an import of millions need not pay where nobody was erased.
    private bool IsErased(Person person) => _erased.Count > 0 && _erased.Contains(Erasure.HashOf(_tenant, person));

    // Without the id: what is rejected is kept with the import's place, and of the erased nothing is kept.
    private static RejectedLine Erased(Place place) =>
        new(place, "", "", "is of somebody who asked to be forgotten; leave it out, or readmit them first, at their wish");
}
