using System.Text.Json;

namespace Recommender.Storage.Sqlite;

/// <summary>Records as the rows that hold them, in the place of whatever has their key.</summary>
internal static class RecordWriting
{
    public static void Write(Connection connection, Tenant tenant, ShopRecord record)
    {
        switch (record)
        {
            case ShopRecord.OfItem { Item: var item }:
                Put(connection, "items", SqliteItemStore.Columns, tenant, row => row.With(item.Id).With(item.Available ? 1 : 0)
                    .WithText(AttributeJson.Write(item.Attributes, "item", item.Id)).With(item.AddedAt));
                break;
            case ShopRecord.OfCustomer { Customer: var customer }:
                Put(connection, "customers", SqliteCustomerStore.Columns, tenant,
                    row => SqliteCustomerStore.Bind(row.With(customer.Id), CustomerJson.Of(customer, 0)).With(customer.Revision));
                break;
            case ShopRecord.OfLink { Link: var link, Made: var made }:
                Put(connection, "identity_links", $"{SqliteIdentityLinks.Columns}, made", tenant, row => row.With(link.Id).With(link.From)
                    .With(link.CustomerId).With(link.Since).With(link.Source).With(link.EndedAt).With(made));
                break;
            case ShopRecord.OfQuestionnaire { Version: var version }:
                Put(connection, "questionnaires", "id, version, at, definition", tenant,
                    row => row.With(version.Id).With(version.Version).With(version.At).With(version.Definition));
                break;
            case ShopRecord.OfSession { Session: var session }:
                Put(connection, "questionnaire_sessions", SqliteQuestionnaireSessions.Columns, tenant, row => row.With(session.Id)
                    .With(session.QuestionnaireId).With(session.Version).With(session.Person).With(session.Language).With(session.StartedAt).With(session.EndedAt));
                break;
            case ShopRecord.OfContact { Contact: var contact }:
                SqliteContactLedger.Enter(connection, tenant, contact);
                break;
            case ShopRecord.OfScenario { Scenario: var scenario }:
                Put(connection, "scenarios", "id, definition", tenant,
                    row => row.With(scenario.Id).WithText(JsonSerializer.SerializeToUtf8Bytes(scenario, SqliteScenarioStore.Json)));
                break;
            case ShopRecord.OfSetting { Name: var name, Json: var json }:
                Put(connection, "settings", "name, value", tenant, row => row.With(name).With(json));
                break;
            case ShopRecord.OfCheckpoint { Name: var name, Value: var value }:
                Put(connection, "checkpoints", "name, value", tenant, row => row.With(name).With(value));
                break;
            case ShopRecord.OfErasure erasure:
                Put(connection, tenant, erasure);
                break;
            case ShopRecord.OfForgottenEvent forgotten:
                Put(connection, "forgotten_events", "event_hash, position", tenant, row => row.With(forgotten.Hash).With(forgotten.Position));
                break;
            case ShopRecord.OfEvent { Stored: var stored }:
                Put(connection, "events", EventRow.Columns, tenant, row => EventRow.Bind(row, stored.Position, stored.Event));
                break;
            case ShopRecord.OfRecommendation { Served: var served }:
                SqliteRecommendationLog.Insert(connection, tenant, served, ServedItemsJson.Write(served));
                break;
            case ShopRecord.OfStage { History: var history }:
                SqliteLifeCycleStore.Write(connection, tenant, history);
                break;
            case ShopRecord.OfModel { Version: var version }:
                Put(connection, "models", "id, trained_at, events_up_to, card", tenant,
                    row => row.With(version.Id).With(version.TrainedAt).With(version.EventsUpTo).With(version.Card));
                break;
            case ShopRecord.OfPublication { Sequence: var sequence, Publication: var publication }:
                Put(connection, "publications", "sequence, model_id, published_at, reason", tenant,
                    row => row.With(sequence).With(publication.ModelId).With(publication.PublishedAt).With(publication.Reason));
                break;
            case ShopRecord.OfCounters counters:
                Raise(connection, tenant, "event_positions", "last", counters.LastPosition);
                Raise(connection, tenant, "identity_link_revisions", "revision", counters.LinkRevision);
                break;
            default:
                throw new ArgumentException($"a record of the kind {record.Kind} is none that this store knows.", nameof(record));
        }
    }

    private static void Put(Connection connection, Tenant tenant, ShopRecord.OfErasure erasure)
    {
        Put(connection, "erasures", "receipt_id, at, deleted", tenant,
            row => row.With(erasure.ReceiptId).With(erasure.At).WithText(PlainJson.Write(erasure.Deleted)));
        foreach (var (hash, readmitted) in erasure.People)
            Put(connection, "erased_people", "receipt_id, hash, readmitted", tenant, row => row.With(erasure.ReceiptId).With(hash).With(readmitted ? 1 : 0));
    }

    private static void Put(Connection connection, string table, string columns, Tenant tenant, Func<Statement, Statement> bind)
    {
        string marks = string.Join(", ", Enumerable.Repeat("?", columns.Count(letter => letter == ',') + 1));
        using Statement put = connection.Use($"INSERT OR REPLACE INTO {table} ({columns}, tenant) VALUES ({marks}, ?)");
        bind(put).With(tenant.Id).Run();
    }

    private static void Raise(Connection connection, Tenant tenant, string table, string column, long to)
    {
        if (to == 0) return;
        using Statement raise = connection.Use(
            $"INSERT INTO {table} (tenant, {column}) VALUES (?, ?) ON CONFLICT (tenant) DO UPDATE SET {column} = MAX({column}, excluded.{column})");
        raise.With(tenant.Id).With(to).Run();
    }
}
