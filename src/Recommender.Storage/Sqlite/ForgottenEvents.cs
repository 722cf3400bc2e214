using System.Security.Cryptography;
using System.Text;
using Recommender.Interactions;

namespace Recommender.Storage.Sqlite;

/// <summary>Keeps events that were forgotten from coming back. Of an id only its hash is kept: shops put names and addresses into ids.</summary>
internal static class ForgottenEvents
{
    public static int Add(Connection connection, Tenant tenant, Person person, IReadOnlyList<string> eventIds)
    {
        int forgotten = 0;
        foreach (string id in eventIds)
        {
            if (Delete(connection, tenant, person, id) is not long position) continue;
            using Statement insert = connection.Use("INSERT INTO forgotten_events (tenant, event_hash, position) VALUES (?, ?, ?)");
            forgotten += insert.With(tenant.Id).With(HashOf(id)).With(position).Run();
        }
        if (forgotten > 0) DeletedBytes.OweRewriting(connection);
        return forgotten;
    }

    /// <summary>Most shops have none, and are spared a search for every event.</summary>
    public static bool AreAny(Connection connection, Tenant tenant)
    {
        using Statement select = connection.Use("SELECT 1 FROM forgotten_events WHERE tenant = ? LIMIT 1");
        return select.With(tenant.Id).Step();
    }

    /// <summary>Where a forgotten event was; null for one that was not forgotten.</summary>
    public static long? PositionOf(Connection connection, Tenant tenant, string eventId)
    {
        using Statement select = connection.Use("SELECT position FROM forgotten_events WHERE tenant = ? AND event_hash = ?");
        return select.With(tenant.Id).With(HashOf(eventId)).Step() ? select.Long(0) : null;
    }

    private static long? Delete(Connection connection, Tenant tenant, Person person, string eventId)
    {
        using Statement delete = connection.Use(
            "DELETE FROM events WHERE tenant = ? AND event_id = ? AND person_kind = ? AND person_id = ? RETURNING position");
        return delete.With(tenant.Id).With(eventId).With(person).Step() ? delete.Long(0) : null;
    }

    private static string HashOf(string eventId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(eventId)));
}
