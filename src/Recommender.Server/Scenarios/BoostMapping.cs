using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Recommender.Ranking;
using Recommender.Scoring;
using Recommender.Server.Errors;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Scenarios;

/// <summary>Boosts between the protocol and the domain. Whether their filters fit the catalogue is known only there.</summary>
internal static class BoostMapping
{
    private const int MostBoosts = 20;

    public static ImmutableArray<BoostRule> FromWire(RepeatedField<Wire.Boost> boosts, string field, RequestCheck check)
    {
        if (boosts.Count > MostBoosts) check.Add(field, $"has {boosts.Count} entries, at most {MostBoosts} are allowed");
        for (int i = 0; i < boosts.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(boosts[i].Filter)) check.Add($"{field}[{i}].filter", "is empty; say which items, such as item.price < 20.0");
            // float's 0.01 is a little less than double's.
            if (!(boosts[i].Factor is >= 0.01 and <= Boost.Greatest))
                check.Add($"{field}[{i}].factor", FormattableString.Invariant($"is {boosts[i].Factor}, it must be 0.01 to 100: above 1 raises, below 1 lowers"));
        }
        return [.. boosts.Select(boost => new BoostRule(boost.Filter, boost.Factor))];
    }

    public static IEnumerable<Wire.Boost> ToWire(ImmutableArray<BoostRule> boosts) =>
        boosts.Select(boost => new Wire.Boost { Filter = boost.Filter, Factor = boost.Factor });
}
