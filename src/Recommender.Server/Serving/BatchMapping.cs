using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Recommender.Server.Contacts;
using Recommender.Server.Errors;
using Recommender.Server.Profiles;
using Recommender.Server.Questionnaires;
using Recommender.Server.Relationships;
using Recommender.Server.Scenarios;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Serving;

/// <summary>Batches between the protocol and the domain.</summary>
internal static class BatchMapping
{
    private const int MostListed = 100_000;
    private const int MostItems = 1000;

    public static BatchQuery FromWire(Wire.RecommendBatchRequest request)
    {
        var check = new RequestCheck();
        check.Ids("customer_ids", request.CustomerIds, MostListed);
        check.Ids("exclude_item_ids", request.ExcludeItemIds, RecommendQuery.MostItems);
        if (request.Channel.Length > 0) check.Id("channel", request.Channel);
        if (request.CustomerIds.Count > 0 && (request.CustomerFilter.Length > 0 || request.CustomerSearch.Length > 0))
            check.Add("customer_ids", "are listed and chosen by a condition; give either");
        if (request is { Preview: true, LeaveOutSilent: true })
            check.Add("leave_out_silent", "leaves out whom a preview shows; give either");
        var each = new RecommendQuery
        {
            ScenarioId = request.Scenario,
            Count = request.HasCount ? check.Number("count", request.Count, 1, MostItems, 0) : null,
            Filter = request.Filter,
            Boosts = BoostMapping.FromWire(request.Boosts, "boosts", check),
            ExcludeItemIds = request.ExcludeItemIds,
            Channel = request.Channel,
            Preview = request.Preview,
            AsShown = request.Preview,
            WithReasons = request.Reasons,
        };
        check.ThrowIfAny();
        return new BatchQuery(new CustomerChoice(request.CustomerIds, request.CustomerFilter, request.CustomerSearch), each)
        {
            LeaveOutSilent = request.LeaveOutSilent,
            ResumeToken = request.ResumeToken,
            Fingerprint = FingerprintOf(request),
        };
    }

    public static Wire.RecommendBatchResponse ToWire(BatchPart part, BatchQuery query)
    {
        var response = new Wire.RecommendBatchResponse
        {
            ResumeToken = part.Mark.ToToken(query.Fingerprint),
            ModelVersion = part.Now.Live.Model?.Card.Id ?? "",
            Degraded = part.Degraded.Length > 0,
            DegradedReason = part.Degraded,
            Progress = new Wire.BatchProgress { Done = part.Mark.Done, Of = part.Of },
        };
        foreach (var (cause, count) in part.Mark.Silent) response.Progress.Silent.Add(ContactMapping.NameOf(cause), count);
        response.Recommendations.AddRange(part.Told);
        return response;
    }

    public static Wire.BatchRecommendation ToWire(BatchAnswer one, FieldMask? properties, AnswerMeanings answers)
    {
        var (answer, served) = (one.Answer, one.Answer.Served);
        var texts = new ReasonTexts(answer.Shelves, answers);
        return new Wire.BatchRecommendation
        {
            CustomerId = one.CustomerId,
            RecommendationId = served.RecommendationId,
            ServedBy = RecommendationMapping.ToWire(served.ServedBy),
            Pressure = ContactMapping.ToWire(answer.Pressure),
            Stage = answer.Stage is { } stage ? StageNames.Of(stage) : "",
            HandOver = answer.HandOver,
            Items = { served.Items.Select(item => RecommendationMapping.ToWire(item, texts, properties)) },
        };
    }

    private static uint FingerprintOf(Wire.RecommendBatchRequest request)
    {
        var same = request.Clone();
        same.ResumeToken = "";
        return BitConverter.ToUInt32(SHA256.HashData(same.ToByteArray()));
    }
}
