using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Recommender.Catalogue;
using Recommender.Interactions;
using Recommender.Questionnaires;
using Recommender.Ranking;
using Recommender.Server.Catalogue;
using Recommender.Server.Contacts;
using Recommender.Server.Errors;
using Recommender.Server.Questionnaires;
using Recommender.Server.Relationships;
using Recommender.Server.Scenarios;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Serving;

/// <summary>Requests and answers of the recommendation service between the protocol and the domain.</summary>
internal static class RecommendationMapping
{
    private const int MostReasonsShown = 3;
    private const int MostContext = 100;

    public static RecommendQuery FromWire(Wire.RecommendRequest request)
    {
        var check = new RequestCheck();
        var query = new RecommendQuery
        {
            Person = request.PersonCase switch
            {
                Wire.RecommendRequest.PersonOneofCase.CustomerId => Person.Customer(request.CustomerId),
                Wire.RecommendRequest.PersonOneofCase.VisitorId => Person.Visitor(request.VisitorId),
                _ => null,
            },
            SessionItemIds = request.SessionItemIds,
            ContextItemIds = request.ContextItemIds,
            ScenarioId = request.Scenario,
            Count = request.HasCount ? check.Number("count", request.Count, 1, RecommendQuery.MostItems, 0) : null,
            PageToken = request.PageToken,
            Filter = request.Filter,
            ExcludeItemIds = request.ExcludeItemIds,
            Boosts = BoostMapping.FromWire(request.Boosts, "boosts", check),
            Preview = request.Preview,
            Channel = request.Channel,
        };
        if (request.Channel.Length > 0) check.Id("channel", request.Channel);
        if (query.Person is { } person) check.Id(person.Kind == PersonKind.Customer ? "customer_id" : "visitor_id", person.Id);
        check.Ids("session_item_ids", request.SessionItemIds, MostContext);
        check.Ids("context_item_ids", request.ContextItemIds, MostContext);
        check.Ids("exclude_item_ids", request.ExcludeItemIds, RecommendQuery.MostItems);
        check.ThrowIfAny();
        return query;
    }

    public static RecommendQuery FromWire(Wire.SimilarItemsRequest request)
    {
        var check = new RequestCheck();
        check.Ids("item_ids", request.ItemIds, MostContext, needed: true);
        check.Ids("exclude_item_ids", request.ExcludeItemIds, RecommendQuery.MostItems);
        var query = new RecommendQuery
        {
            ContextItemIds = request.ItemIds,
            Count = check.Number("count", request.HasCount ? request.Count : null, 1, RecommendQuery.MostItems, otherwise: 10),
            Filter = request.Filter,
            ExcludeItemIds = request.ExcludeItemIds,
            Boosts = BoostMapping.FromWire(request.Boosts, "boosts", check),
            Preview = request.Preview,
        };
        check.ThrowIfAny();
        return query;
    }

    public static Wire.RecommendResponse ToWire(Answer answer, FieldMask? properties, AnswerMeanings answers)
    {
        var served = answer.Served;
        var response = new Wire.RecommendResponse
        {
            RecommendationId = served.RecommendationId,
            ServedBy = ToWire(served.ServedBy),
            Degraded = answer.Degraded.Length > 0,
            DegradedReason = answer.Degraded,
            ModelVersion = served.ModelVersion,
            NextPageToken = answer.NextPageToken,
            Pressure = ContactMapping.ToWire(answer.Pressure),
            Stage = answer.Stage is { } stage ? StageNames.Of(stage) : "",
            HandOver = answer.HandOver,
        };
        var texts = new ReasonTexts(answer.Shelves, answers);
        foreach (var item in served.Items) response.Items.Add(ToWire(item, texts, properties));
        return response;
    }

    /// <summary>As it is answered: with the properties asked for and the first reasons. What the shop does to scores is not for its customers.</summary>
    public static Wire.RecommendedItem ToWire(
        ServedItem item, ReasonTexts texts, FieldMask? properties, int mostReasons = MostReasonsShown)
    {
        var wire = Of(item);
        foreach (var reason in item.Reasons)
        {
            if (wire.Reasons.Count == mostReasons) break;
            if (reason.Kind != Source.Boost) wire.Reasons.Add(ToWire(reason, texts));
        }
        if (properties is { Paths.Count: > 0 }) Fill(wire.Properties, texts.Shelves.Find(item.ItemId), properties.Paths);
        return wire;
    }

    /// <summary>As it is explained: with every reason.</summary>
    public static Wire.RecommendedItem Explained(ServedItem item, ReasonTexts texts)
    {
        var wire = Of(item);
        foreach (var reason in item.Reasons) wire.Reasons.Add(ToWire(reason, texts));
        return wire;
    }

    private static Wire.RecommendedItem Of(ServedItem item) => new() { ItemId = item.ItemId, Score = item.Score, Source = item.Source };

    public static Wire.Reason ToWire(ServedReason reason, ReasonTexts texts) =>
        new() { Kind = reason.Kind, ItemId = AnswerColumns.Readable(reason.ItemId), Share = reason.Share, Text = texts.Of(reason) };

    public static Wire.ServedBy ToWire(string source) => source switch
    {
        Source.Personalised => Wire.ServedBy.Personalised,
        Source.Session => Wire.ServedBy.Session,
        Source.Similar => Wire.ServedBy.Similar,
        Source.Popular => Wire.ServedBy.Popular,
        Source.Silence => Wire.ServedBy.Unspecified,
        Source.Catalogue => Wire.ServedBy.Catalogue,
        _ => throw new InvalidOperationException($"source \"{source}\" has no wire form"),
    };

    public static RecommendQuery FromWire(Wire.WhyNotRequest request)
    {
        var check = new RequestCheck();
        check.Id("item_id", request.ItemId);
        check.Ids("context_item_ids", request.ContextItemIds, MostContext);
        var person = request.PersonCase switch
        {
            Wire.WhyNotRequest.PersonOneofCase.CustomerId => Person.Customer(request.CustomerId),
            Wire.WhyNotRequest.PersonOneofCase.VisitorId => Person.Visitor(request.VisitorId),
            _ => (Person?)null,
        };
        if (person is { } named) check.Id(named.Kind == PersonKind.Customer ? "customer_id" : "visitor_id", named.Id);
        var boosts = BoostMapping.FromWire(request.Boosts, "boosts", check);
        check.ThrowIfAny();
        return new RecommendQuery
        {
            Person = person,
            ScenarioId = request.Scenario,
            ContextItemIds = request.ContextItemIds,
            Filter = request.Filter,
            Boosts = boosts,
            Count = RecommendQuery.MostItems,
            Preview = true,
            AsShown = true,
        };
    }

    private static void Fill(MapField<string, Wire.AttributeValue> properties, Item? item, RepeatedField<string> wanted)
    {
        if (item is null) return;
        foreach (var (name, value) in item.Attributes)
        {
            if (wanted.Any(path => path == "*" || SameName(path, name))) properties.Add(name, ItemMapping.ToWire(value));
        }
    }

    /// <summary>JSON writes a mask's originalTitle for original_title, and reads it so; an attribute may be called either way.</summary>
    private static bool SameName(string path, string name) =>
        path == name || path.Replace("_", "", StringComparison.Ordinal).Equals(name.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
