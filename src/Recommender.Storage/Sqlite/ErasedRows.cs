using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

/// <summary>Where a person is kept, and how their rows are deleted. A new table with people in it belongs here.</summary>
internal static class ErasedRows
{
    private const string Mine = "person_kind = ?2 AND person_id = ?3";
    private const string MineAsCustomer = "?2 = 0 AND customer_id = ?3";
    private const string Links = "links";

    private static readonly (string Kind, string Delete)[] _places =
    [
        // Clustered by position, it has no rowid; the index is named as in SqliteEventLog.OfPerson.
        ("events", $"""
            DELETE FROM events WHERE tenant = ?1 AND position IN (
                SELECT position FROM events INDEXED BY events_by_person WHERE tenant = ?1 AND {Mine} LIMIT ?4)
            """),
        ("profiles", DeleteFrom("customers", "?2 = 0 AND id = ?3")),
        (Links, DeleteFrom("identity_links", "from_kind = ?2 AND from_id = ?3")),
        (Links, DeleteFrom("identity_links", MineAsCustomer)),
        ("sessions", DeleteFrom("questionnaire_sessions", Mine)),
        ("contacts", DeleteFrom("contacts", Mine)),
        ("recommendations", DeleteFrom("recommendations", Mine)),
        ("stages", DeleteFrom("life_cycle_states", MineAsCustomer)),
        ("stages", DeleteFrom("life_cycle_transitions", MineAsCustomer)),
    ];

    public static IEnumerable<string> Deletes => _places.Select(place => place.Delete);

    public static Dictionary<string, long> Nothing() => _places.Select(place => place.Kind).Distinct().ToDictionary(kind => kind, _ => 0L);

    /// <summary>Deletes up to <paramref name="most"/> rows and adds them to <paramref name="deleted"/>; true if these were the last.</summary>
    public static bool Delete(Connection connection, Tenant tenant, IEnumerable<Person> people, int most, Dictionary<string, long> deleted)
    {
        long linksBefore = deleted[Links];
        foreach (Person person in people)
        {
            foreach (var (kind, sql) in _places)
            {
                using Statement delete = connection.Use(sql);
                int gone = delete.With(tenant.Id).With(person).With(most).Run();
                deleted[kind] += gone;
                most -= gone;
            }
        }
        if (deleted[Links] > linksBefore) SqliteIdentityLinks.MoveOn(connection, tenant);
        return most > 0;
    }

    private static string DeleteFrom(string table, string whose) =>
        $"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE tenant = ?1 AND {whose} LIMIT ?4)";
}
