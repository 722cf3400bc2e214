using Grpc.Core;
using Recommender.Protocol.V1;
using Recommender.Server.Errors;
using Scenario = Recommender.Ranking.Scenario;
using Strategy = Recommender.Ranking.Strategy;
using Wire = Recommender.Protocol.V1;

namespace Recommender.Server.Scenarios;

internal sealed class ScenarioEndpoint(Shop shop) : ScenarioService.ScenarioServiceBase
{
    public override async Task<Wire.Scenario> UpsertScenario(UpsertScenarioRequest request, ServerCallContext context)
    {
        var check = new RequestCheck();
        if (request.Scenario is not { } wire) throw new RefusedException(StatusCode.InvalidArgument, "scenario is missing", [new("scenario", "is missing")]);
        check.Id("scenario.scenario_id", wire.ScenarioId);
        int count = check.Number("scenario.default_count", wire.HasDefaultCount ? wire.DefaultCount : null, 1, 1000, otherwise: 10);
        if (!Enum.IsDefined(wire.Strategy)) check.Add("scenario.strategy", $"is {(int)wire.Strategy}, which is no strategy");
        check.ThrowIfAny();
        shop.Live.Now.Shelves.Where(wire.Filter, context.CancellationToken);

        var scenario = new Scenario(wire.ScenarioId)
        {
            Strategy = FromWire(wire.Strategy),
            Filter = wire.Filter,
            DefaultCount = count,
            OfferBoughtAgain = wire.OfferBoughtAgain,
        };
        await shop.Scenarios.UpsertAsync(scenario, context.CancellationToken);
        return ToWire(scenario);
    }

    public override Task<Wire.Scenario> GetScenario(GetScenarioRequest request, ServerCallContext context) =>
        Task.FromResult(ToWire(Known(request.ScenarioId)));

    public override Task<ListScenariosResponse> ListScenarios(ListScenariosRequest request, ServerCallContext context) =>
        Task.FromResult(new ListScenariosResponse { Scenarios = { shop.Scenarios.All.Select(ToWire) } });

    public override async Task<DeleteScenarioResponse> DeleteScenario(DeleteScenarioRequest request, ServerCallContext context)
    {
        await shop.Scenarios.DeleteAsync(Known(request.ScenarioId).Id, context.CancellationToken);
        return new DeleteScenarioResponse();
    }

    private Scenario Known(string scenarioId) => shop.Scenarios.Find(scenarioId)
        ?? throw RefusedException.NotFound("scenario", scenarioId, shop.Scenarios.All.Select(scenario => scenario.Id));

    private static Strategy FromWire(Wire.Strategy strategy) => strategy switch
    {
        Wire.Strategy.Similar => Strategy.Similar,
        Wire.Strategy.Popular => Strategy.Popular,
        _ => Strategy.Personalised,
    };

    private static Wire.Scenario ToWire(Scenario scenario) => new()
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
    };
}
