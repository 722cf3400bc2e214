using System.Text.Json;
using Recommender.Storage.Sqlite;

namespace Recommender.Storage;

/// <summary>A record as bytes that are the same whichever engine it was read from.</summary>
internal static class RecordText
{
    // Divided by it, 1.50 and 1.5 are written alike.
    private const decimal OneWithAllItsDigits = 1.0000000000000000000000000000m;

    public static byte[] Of(ShopRecord record) => record switch
    {
        ShopRecord.OfItem { Item: var item } =>
            PlainJson.Write(new { item.Id, item.Available, item.AddedAt, Attributes = Json(AttributeJson.Write(item.Attributes, "item", item.Id)) }),
        ShopRecord.OfCustomer { Customer: var customer } => Of(customer),
        ShopRecord.OfEvent { Stored: var (position, happened) } => PlainJson.Write(new
        {
            position,
            Event = happened with { Answer = null, Price = happened.Price / OneWithAllItsDigits },
            Answer = happened.Answer is { } answer ? Json(AnswerJson.Write(answer)) : (JsonElement?)null,
        }),
        ShopRecord.OfScenario { Scenario: var scenario } => JsonSerializer.SerializeToUtf8Bytes(scenario, SqliteScenarioStore.Json),
        ShopRecord.OfErasure erasure => PlainJson.Write(new
        {
            erasure.ReceiptId,
            erasure.At,
            Deleted = erasure.Deleted.OrderBy(kind => kind.Key, StringComparer.Ordinal),
            People = erasure.People.OrderBy(person => person.Hash, StringComparer.Ordinal),
        }),
        _ => JsonSerializer.SerializeToUtf8Bytes(record, record.GetType(), JsonSerializerOptions.Web),
    };

    private static byte[] Of(Customers.Customer customer)
    {
        var parts = CustomerJson.Of(customer, 0);
        return PlainJson.Write(new
        {
            customer.Id,
            customer.Revision,
            Attributes = Json(parts.Attributes),
            Statements = Json(parts.Statements),
            Dates = Json(parts.Dates),
            Consents = Json(parts.Consents),
        });
    }

    private static JsonElement Json(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return document.RootElement.Clone();
    }
}
