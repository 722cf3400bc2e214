using System.Collections.Immutable;
using Recommender.LifeCycle;
using Recommender.Pressure;
using Recommender.Ranking;
using Recommender.Server.Errors;
using Recommender.Server.Relationships;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Scenarios;

/// <summary>Scenarios between the protocol and the domain.</summary>
internal static class ScenarioMapping
{
    private static readonly string[] _indicators = [.. Enum.GetNames<RelationshipIndicator>().Select(indicator => indicator.ToLowerInvariant())];

    public static Scenario FromWire(Wire.Scenario wire, RequestCheck check)
    {
        check.Id("scenario.scenario_id", wire.ScenarioId);
        if (!Enum.IsDefined(wire.Strategy)) check.Add("scenario.strategy", $"is {(int)wire.Strategy}, which is no strategy");
        if (wire.Channel.Length > 0) check.Id("scenario.channel", wire.Channel);
        var stages = ImmutableSortedDictionary.CreateBuilder<LifeCycleStage, StageBehaviour>();
        foreach (var (stage, behaviour) in wire.Stages)
        {
            string field = $"scenario.stages[\"{stage}\"]";
            if (StageNames.TryParse(stage, out var known)) stages[known] = FromWire(behaviour, field, check);
            else check.Add(field, StageNames.ProblemWith(stage));
        }
        return new Scenario(wire.ScenarioId)
        {
            Strategy = wire.Strategy switch
            {
                Wire.Strategy.Similar => Strategy.Similar,
                Wire.Strategy.Popular => Strategy.Popular,
                _ => Strategy.Personalised,
            },
            Filter = wire.Filter,
            DefaultCount = check.Number("scenario.default_count", wire.HasDefaultCount ? wire.DefaultCount : null, 1, 1000, otherwise: 10),
            OfferBoughtAgain = wire.OfferBoughtAgain,
            Channel = wire.Channel.Length > 0 ? wire.Channel : ContactPolicy.Web,
            Rotation = new RotationOptions
            {
                AfterShown = check.Number("scenario.rotation.after_shown", wire.Rotation?.AfterShown, 0, 1000, otherwise: 0),
                RestDays = check.Number("scenario.rotation.rest_days", wire.Rotation is { HasRestDays: true } rotation ? rotation.RestDays : null, 1, 365, otherwise: 7),
            },
            Stages = stages.ToImmutable(),
            Guardrails = [.. wire.Guardrails.Select((guardrail, i) => FromWire(guardrail, $"scenario.guardrails[{i}]", check))],
            Boosts = BoostMapping.FromWire(wire.Boosts, "scenario.boosts", check),
        };
    }

    public static Wire.Scenario ToWire(Scenario scenario)
    {
        var wire = new Wire.Scenario
        {
            ScenarioId = scenario.Id,
            Strategy = scenario.Strategy switch
            {
                Strategy.Similar => Wire.Strategy.Similar,
                Strategy.Popular => Wire.Strategy.Popular,
                _ => Wire.Strategy.Personalised,
            },
            Filter = scenario.Filter,
            DefaultCount = scenario.DefaultCount,
            OfferBoughtAgain = scenario.OfferBoughtAgain,
            Channel = scenario.Channel,
            Rotation = new Wire.Rotation { AfterShown = scenario.Rotation.AfterShown, RestDays = scenario.Rotation.RestDays },
            Boosts = { BoostMapping.ToWire(scenario.Boosts) },
        };
        foreach (var (stage, behaviour) in scenario.Stages)
        {
            wire.Stages.Add(StageNames.Of(stage), new Wire.StageBehaviour
            {
                Explore = behaviour.Explore,
                Filter = behaviour.Filter,
                BringBack = { behaviour.BringBack.Select(what => (Wire.BringBack)what + 1) },
            });
        }
        foreach (var guardrail in scenario.Guardrails)
        {
            wire.Guardrails.Add(new Wire.Guardrail
            {
                Indicator = _indicators[(int)guardrail.Indicator],
                Below = guardrail.Below,
                Filter = guardrail.Filter,
                StaySilent = guardrail.StaySilent,
                HandOver = guardrail.HandOver,
            });
        }
        return wire;
    }

    private static StageBehaviour FromWire(Wire.StageBehaviour wire, string field, RequestCheck check)
    {
        if (!(wire.Explore is >= 0 and <= 1)) check.Add($"{field}.explore", $"is {wire.Explore}, it must be 0 to 1");
        if (wire.BringBack.Any(what => what == Wire.BringBack.Unspecified || !Enum.IsDefined(what)))
            check.Add($"{field}.bring_back", "has something unknown; give left in cart, replenish or new since last visit");
        return new StageBehaviour { Explore = wire.Explore, Filter = wire.Filter, BringBack = [.. wire.BringBack.Select(what => (BringBack)(what - 1)).Distinct()] };
    }

    private static Guardrail FromWire(Wire.Guardrail wire, string field, RequestCheck check)
    {
        int indicator = Array.IndexOf(_indicators, wire.Indicator);
        if (indicator < 0) check.Add($"{field}.indicator", $"is \"{wire.Indicator}\", it must be satisfaction or intensity");
        if (!(wire.Below is > 0 and <= 100)) check.Add($"{field}.below", $"is {wire.Below}, it must be above 0 and at most 100");
        if (wire is { Filter: "", StaySilent: false, HandOver: false }) check.Add(field, "does nothing; give a filter, stay_silent or hand_over");
        return new Guardrail((RelationshipIndicator)Math.Max(indicator, 0), wire.Below) { Filter = wire.Filter, StaySilent = wire.StaySilent, HandOver = wire.HandOver };
    }
}
