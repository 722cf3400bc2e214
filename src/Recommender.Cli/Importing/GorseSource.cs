using System.Text.Json;
using Recommender.Catalogue;
using Recommender.Customers;
using Recommender.Interactions;

namespace Recommender.Cli.Importing;

/// <summary>
/// Gorse's export: users.jsonl, items.jsonl, feedback.jsonl, one JSON object a line, each file optional. Labels become attributes, an
/// item's comment its title; hidden items are not available. The value of a feedback is the stars of a rating and nothing otherwise.
/// </summary>
internal static class GorseSource
{
    public static readonly ImportSource Source = new("gorse", "Gorse's JSON Lines: users, items, feedback",
        [
            new("items.jsonl", "ItemId, IsHidden, Categories, Timestamp, Labels, Comment", Required: false),
            new("users.jsonl", "UserId, Labels, Comment", Required: false),
            new("feedback.jsonl", "FeedbackType, UserId, ItemId, Value, Timestamp, Comment", Required: false),
        ], (files, options) => Read(files, "items.jsonl", row => Item(row, options))
            .Concat(Read(files, "users.jsonl", User))
            .Concat(Read(files, "feedback.jsonl", row => Feedback(row, options))));

    private static IEnumerable<ImportRecord> Read(SourceFiles files, string name, Func<GorseRow, ImportRecord> take)
    {
        if (!files.Has(name)) yield break;
        using var lines = new LineReader(files.Open(name), InvalidBytes.MarkingUtf8);
        LineStatus status;
        while ((status = lines.Read(out string line)) != LineStatus.End)
        {
            var place = new Place(name, lines.Line);
            if (status == LineStatus.Read && line.AsSpan().IsWhiteSpace()) continue;
            yield return status switch
            {
                LineStatus.TooLong => Rejected(place, line, $"is longer than {LineReader.MaxLength:N0} characters; shorten it"),
                LineStatus.Broken => Rejected(place, line, "is where the compressed file breaks off or is damaged; copy it again"),
                _ => Parse(place, line, take),
            };
        }
    }

    private static ImportRecord Parse(Place place, string line, Func<GorseRow, ImportRecord> take)
    {
        if (line.Contains(InvalidBytes.Mark)) return Rejected(place, line, "is not valid UTF-8; convert the file to UTF-8");
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return Rejected(place, line, "is not a JSON object");
            var row = new GorseRow(place, line, document.RootElement);
            ImportRecord record = take(row);
            return row.Rejection ?? record;
        }
        catch (JsonException)
        {
            return Rejected(place, line, "is not JSON or is truncated; write one whole object a line");
        }
    }

    private static ItemRecord Item(GorseRow row, ImportOptions options)
    {
        Attributes attributes = row.Labels().List("categories", row.List("Categories"));
        if (row.Moment("Timestamp", options.LatestAllowed.AddYears(100)) is { } published)
            attributes.Set("timestamp", new AttributeValue.Instant(published));
        attributes.Text(attributes.Has("title") ? "comment" : "title", row.Text("Comment"));
        return new ItemRecord(row.Place, new Item(row.Id("ItemId")) { Available = !row.Flag("IsHidden"), Attributes = attributes.Build() });
    }

    private static CustomerRecord User(GorseRow row) =>
        new(row.Place, new Customer(row.Id("UserId")) { Attributes = row.Labels().Text("comment", row.Text("Comment")).Build() });

    private static EventRecord Feedback(GorseRow row, ImportOptions options)
    {
        string stated = row.Id("FeedbackType"), user = row.Id("UserId"), item = row.Id("ItemId");
        string? type = EventTypeNames.Find(stated, options, out string problem);
        if (type is null) row.Reject("FeedbackType", stated, problem);
        DateTimeOffset moment = row.Moment("Timestamp", options.LatestAllowed) ?? options.UnstatedTime;
        return new EventRecord(row.Place, new ShopEvent
        {
            // Gorse keeps one feedback a type, user and item; an export of a later day may have a newer time for it.
            EventId = EventIds.Hash("gorse", stated, user, item, $"{moment:O}"),
            Type = type ?? "",
            Person = Person.Customer(user),
            ItemId = item,
            Rating = type == EventTypes.Rating ? row.Number("Value") : null,
            OccurredAt = moment,
        });
    }

    private static RejectedLine Rejected(Place place, string line, string problem) => new(place, "", DelimitedRow.Shown(line), problem);
}
